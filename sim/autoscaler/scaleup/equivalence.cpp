#include "sim/autoscaler/scaleup/equivalence.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/autoscaler/simulator/predicates.h"

namespace casim::sim {
namespace {

constexpr std::size_t kMaxGroupsPerController = 10;

}  // namespace

std::vector<PodGroup> build_pod_groups(const std::vector<PodPtr>& pods) {
  std::vector<PodGroup> groups;
  boost::unordered_flat_map<std::string_view, std::vector<std::size_t>> by_controller;
  boost::unordered_flat_map<const PodSpec*, std::size_t> by_spec;  // pods of one workload share it
  for (const PodPtr& pod : pods) {
    const PodSpec& spec = *pod->spec;
    if (spec.owner_uid.empty() || spec.owner == OwnerKind::kDaemonSet) {
      groups.push_back(PodGroup{{pod}, {}});
      continue;
    }
    if (const auto known = by_spec.find(&spec); known != by_spec.end()) {
      groups[known->second].pods.push_back(pod);
      continue;
    }
    std::vector<std::size_t>& own = by_controller[spec.owner_uid];
    bool found = false;
    for (const std::size_t index : own) {
      if (!same_spec(groups[index].exemplar(), spec)) continue;
      groups[index].pods.push_back(pod);
      by_spec[&spec] = index;
      found = true;
      break;
    }
    if (found) continue;
    if (own.size() < kMaxGroupsPerController) {
      own.push_back(groups.size());
      by_spec[&spec] = groups.size();
    }
    groups.push_back(PodGroup{{pod}, {}});
  }
  return groups;
}

}  // namespace casim::sim

#include "sim/workloads/daemon_eligibility.h"

#include <algorithm>
#include <string>
#include <utility>

namespace casim::sim {

namespace {

bool matches_node(const PodSpec& pod, const Node& node) {
  const bool is_selected = std::ranges::all_of(pod.node_selector, [&](const auto& wanted) {
    const auto found = node.labels.find(wanted.first);
    return found != node.labels.end() && found->second == wanted.second;
  });
  if (!is_selected) return false;
  return pod.node_affinity.empty() ||
         std::ranges::any_of(pod.node_affinity,
                             [&](const LabelSelector& term) { return matches(term, node.labels); });
}

bool is_tolerated(const PodSpec& pod, const Taint& taint) {
  return std::ranges::any_of(
      pod.tolerations, [&](const Toleration& toleration) { return toleration.tolerates(taint); });
}

}  // namespace

std::vector<Toleration> daemon_tolerations(std::vector<Toleration> own) {
  // The API server gives 300 s of these two only to pods that do not tolerate them already, as
  // pods of DaemonSets do from the start.
  std::erase_if(own, [](const Toleration& t) {
    return t.toleration_seconds && (t.key == kNotReadyTaint || t.key == kUnreachableTaint);
  });
  const auto tolerate = [&own](std::string key, TaintEffect effect) {
    own.push_back({std::move(key), Toleration::Operator::kExists, "", effect});
  };
  tolerate(std::string(kNotReadyTaint), TaintEffect::kNoExecute);
  tolerate(std::string(kUnreachableTaint), TaintEffect::kNoExecute);
  for (const char* key : {"disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"}) {
    tolerate(std::string("node.kubernetes.io/") + key, TaintEffect::kNoSchedule);
  }
  return own;
}

DaemonEligibility daemon_eligibility(const PodSpec& pod, const Node& node) {
  if (!matches_node(pod, node)) return {};
  DaemonEligibility found{true, true};
  for (const Taint& taint : node.taints) {
    if (taint.effect == TaintEffect::kPreferNoSchedule || is_tolerated(pod, taint)) continue;
    found.should_run = false;
    if (taint.effect == TaintEffect::kNoExecute) found.may_stay = false;
  }
  return found;
}

}  // namespace casim::sim

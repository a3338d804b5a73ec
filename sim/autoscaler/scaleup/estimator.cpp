#include "sim/autoscaler/scaleup/estimator.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/autoscaler/order/go_sort.h"
#include "sim/autoscaler/simulator/node_infos.h"

namespace casim::sim {
namespace {

double score_of(const PodSpec& pod, const Node& node) {
  double score = 0;
  const Resources& all = node.allocatable;
  if (all.cpu.value() > 0) {
    score += static_cast<double>(pod.requests.cpu.value()) / static_cast<double>(all.cpu.value());
  }
  if (all.memory.value() > 0) {
    score +=
        static_cast<double>(pod.requests.memory.value()) / static_cast<double>(all.memory.value());
  }
  return score;
}

bool spreads_over_hosts(const PodSpec& pod) {
  return std::any_of(pod.topology_spread.begin(), pod.topology_spread.end(),
                     [](const TopologySpread& s) { return s.topology_key == kHostnameLabel; });
}

bool looks_at_topology(const PodSpec& pod) {
  return !pod.topology_spread.empty() || !pod.pod_affinity.empty() ||
         !pod.pod_anti_affinity.empty();
}

}  // namespace

std::vector<const PodGroup*> decreasing(std::vector<const PodGroup*> groups, const Node& node) {
  std::vector<std::pair<double, const PodGroup*>> scored;
  scored.reserve(groups.size());
  for (const PodGroup* group : groups)
    scored.emplace_back(score_of(group->exemplar(), node), group);
  go_sort(scored, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::transform(scored.begin(), scored.end(), groups.begin(),
                 [](const auto& entry) { return entry.second; });
  return groups;
}

BinpackingEstimator::BinpackingEstimator(Snapshot& snapshot, const NodeInfo& node_template,
                                         Threshold limit, const ComputeTime& compute_time)
    : snapshot_(snapshot), template_(node_template), limiter_(limit), compute_time_(compute_time) {}

Estimate BinpackingEstimator::estimate(std::vector<const PodGroup*> groups) {
  groups = decreasing(std::move(groups), *template_.node);
  // Nodes need names of their own only where something tells them apart.
  needs_own_nodes_ = snapshot_.anti_affinity_pods() > 0 ||
                     std::any_of(groups.begin(), groups.end(), [](const PodGroup* group) {
                       return looks_at_topology(group->exemplar());
                     });
  snapshot_.fork(template_.node->name);
  bool is_open = true;
  for (const PodGroup* group : groups) {
    const std::vector<PodPtr> rest = reuse(*group);
    if (is_open) is_open = grow(rest);
  }
  snapshot_.revert();
  return std::move(result_);
}

std::vector<PodPtr> BinpackingEstimator::reuse(const PodGroup& group) {
  std::size_t placed = 0;
  for (; placed < group.pods.size(); ++placed) {
    if (!last_) break;  // no new node yet
    const PodPtr& pod = group.pods[placed];
    const PreFilterState pre_filter = run_pre_filter(snapshot_, *pod->spec);
    const std::optional<Slot> slot = snapshot_.scan([&](Slot candidate, const NodeInfo& node) {
      return is_new(candidate) && !node.node->unschedulable &&
             run_filters(pre_filter, *pod->spec, node) == FailedFilter::kNone;
    });
    if (!slot) break;  // also where a later pod of the group would fit
    snapshot_.place(*slot, pod);
    track(pod, *slot);
  }
  return {group.pods.begin() + static_cast<std::ptrdiff_t>(placed), group.pods.end()};
}

bool BinpackingEstimator::grow(const std::vector<PodPtr>& rest) {
  for (const PodPtr& pod : rest) {
    if (last_ && (place_on_last(pod) || place_beside_last(pod))) continue;
    // A node that stayed empty would stay so again.
    if (last_ && !has_pods_[*last_]) return true;
    const Duration elapsed = compute_time_.cost_of(ComputeWork{0, limiter_.granted(), 0});
    if (!limiter_.permit(elapsed)) return false;
    add_node();
    if (!place_on_last(pod)) return true;  // the empty node stays, and has used a permission
  }
  return true;
}

bool BinpackingEstimator::place_on_last(const PodPtr& pod) {
  if (run_filters(snapshot_, *pod->spec, snapshot_.info(*last_)) != FailedFilter::kNone)
    return false;
  snapshot_.place(*last_, pod);
  track(pod, *last_);
  return true;
}

// Only where the host spread itself was in the way: then any other node will do, real ones too.
bool BinpackingEstimator::place_beside_last(const PodPtr& pod) {
  const PodSpec& spec = *pod->spec;
  if (!spreads_over_hosts(spec)) return false;
  if (run_filters(snapshot_, spec, snapshot_.info(*last_)) != FailedFilter::kPodTopologySpread)
    return false;
  const PreFilterState pre_filter = run_pre_filter(snapshot_, spec);
  const std::optional<Slot> slot = snapshot_.scan([&](Slot candidate, const NodeInfo& node) {
    return candidate != *last_ && !node.node->unschedulable &&
           run_filters(pre_filter, spec, node) == FailedFilter::kNone;
  });
  if (!slot) return false;
  snapshot_.place(*slot, pod);
  track(pod, *slot);
  return true;
}

void BinpackingEstimator::add_node() {
  auto node = std::make_shared<NodeInfo>(template_);
  if (needs_own_nodes_) {
    node->node =
        renamed(*template_.node, fmt::format("{}-e-{}", template_.node->name, limiter_.granted()));
  }
  last_ = snapshot_.add_unnamed(std::move(node));
  has_pods_.resize(*last_ + 1);
  new_.resize(*last_ + 1);
  new_[*last_] = true;
}

void BinpackingEstimator::track(const PodPtr& pod, Slot slot) {
  if (has_pods_.size() <= slot) {
    has_pods_.resize(slot + 1);
    new_.resize(slot + 1);
  }
  if (!has_pods_[slot]) ++result_.node_count;
  has_pods_[slot] = true;
  result_.pods.push_back(pod);
}

bool BinpackingEstimator::is_new(Slot slot) const { return slot < new_.size() && new_[slot]; }

}  // namespace casim::sim

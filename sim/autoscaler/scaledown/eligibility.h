// Which candidates may be tried for removal at all. Source: autoscaler-algorithm.md 4.2.
#pragma once

#include <string>
#include <vector>

#include "sim/autoscaler/cluster/labelled_nodes.h"
#include "sim/autoscaler/clusterstate/cluster_state.h"
#include "sim/autoscaler/scaledown/recently_unremovable.h"
#include "sim/autoscaler/simulator/removal.h"
#include "sim/autoscaler/simulator/utilization.h"

namespace casim::sim {

// Candidates, told apart. Upstream's FilterOutUnremovable.
struct Eligibility {
  std::vector<NodePtr> eligible;  // in the candidates' order
  std::vector<UnremovableNode> ineligible;
};

// Upstream's eligibility.Checker: annotations, the group, how much of the node is used.
class EligibilityChecker {
 public:
  // All outlive it.
  EligibilityChecker(const AutoscalerOptions& options, CloudProvider& provider,
                     const Snapshot& snapshot);

  // What is passed by reference outlives the call.
  Awaitable<Eligibility> check(LoopId by, const std::vector<NodePtr>& candidates,
                               RecentlyUnremovable& recent, LoopTime time);

 private:
  // None: a call has to be awaited, and none was made.
  std::optional<std::string_view> reason_at_once(OptionsInARow& options, const Node& node,
                                                 Slot slot, LoopTime time);
  UtilizationRules rules_for(const Node& node, const NodeGroupOptions& options,
                             const std::string& gpu_label);
  // Empty: eligible.
  Awaitable<std::string_view> reason_of(LoopId by, NodePtr node, Slot slot, LoopTime time);
  Awaitable<std::string_view> reason_by_use(LoopId by, NodePtr node, NodeGroupPtr group, Slot slot,
                                            LoopTime time);

  const AutoscalerOptions& options_;
  CloudProvider& provider_;
  const Snapshot& snapshot_;
  LabelledNodes gpu_nodes_;
};

// The ToBeDeleted taint is younger than five minutes.
bool is_being_deleted(const Node& node, WallTime now);
// The annotation that forbids scale-down.
bool is_scale_down_disabled(const Node& node);

}  // namespace casim::sim

// Which candidates may be tried for removal at all. Source: autoscaler-algorithm.md 4.2.
#pragma once

#include <string>
#include <vector>

#include "sim/autoscaler/clusterstate/cluster_state.h"
#include "sim/autoscaler/simulator/removal.h"

namespace casim::sim {

// Candidates, told apart. Upstream's FilterOutUnremovable.
struct Eligibility {
  std::vector<std::string> eligible;  // in the candidates' order
  std::vector<UnremovableNode> ineligible;
};

// Upstream's eligibility.Checker: annotations, the group, how much of the node is used.
class EligibilityChecker {
 public:
  // All outlive it.
  EligibilityChecker(const AutoscalerOptions& options, CloudProvider& provider,
                     const Snapshot& snapshot);

  // `recently_unremovable`: nodes whose simulation failed not long ago, and until when it counts.
  Awaitable<Eligibility> check(LoopId by, std::vector<NodePtr> candidates,
                               const std::map<std::string, TimePoint>& recently_unremovable,
                               LoopTime time);

 private:
  // Empty: eligible.
  Awaitable<std::string_view> reason_of(LoopId by, NodePtr node, Slot slot, LoopTime time);
  Awaitable<std::string_view> reason_by_use(LoopId by, NodePtr node, NodeGroupPtr group, Slot slot,
                                            LoopTime time);

  const AutoscalerOptions& options_;
  CloudProvider& provider_;
  const Snapshot& snapshot_;
};

// The ToBeDeleted taint is younger than five minutes.
bool is_being_deleted(const Node& node, WallTime now);
// The annotation that forbids scale-down.
bool is_scale_down_disabled(const Node& node);

}  // namespace casim::sim

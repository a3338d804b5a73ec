// Would the cluster do without one node? Source: autoscaler-algorithm.md 4.4.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/autoscaler/simulator/drainability.h"
#include "sim/autoscaler/simulator/hinting.h"
#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::sim {

// A node whose pods found places elsewhere. Upstream's NodeToBeRemoved.
struct NodeToBeRemoved {
  NodePtr node;
  std::vector<PodPtr> pods;           // to be rescheduled; none: the node is empty
  std::vector<PodPtr> on_completion;  // to be waited for: they may end, but not be moved
  bool is_risky = false;              // its pods cannot all be evicted at once
};

// The reason of a node that is not tried again before --unremovable-node-recheck-timeout.
inline constexpr std::string_view kRecentlyUnremovable = "RecentlyUnremovable";

// A node that stays. Upstream's UnremovableNode.
struct UnremovableNode {
  NodePtr node;
  std::string_view reason;       // upstream's UnremovableReason: "NoPlaceToMovePods"
  std::string_view detail = {};  // BlockedByPod: why that pod blocks
};

// Removes one node after the other on trial, remembering where their pods went. Upstream's
// simulator/cluster.go.
class RemovalSimulator {
 public:
  // `version`: minor release; it decides how pods are placed.
  explicit RemovalSimulator(int version = kNewestVersion) : hinting_(version) {}

  using Outcome = std::variant<NodeToBeRemoved, UnremovableNode>;
  using IsDestination = HintingSimulator::Acceptable;  // may the node take pods?

  // A node that can go stays removed in the snapshot, its pods in their new places; else the
  // snapshot is as before.
  Outcome simulate(Snapshot& snapshot, const std::string& node, const IsDestination& is_destination,
                   const DrainContext& context);

  // Ends the loop's simulations: places that were found last hold for one loop more.
  void end_round() { hinting_.end_round(); }

 private:
  HintingSimulator hinting_;
};

}  // namespace casim::sim

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

struct RemovableNode {
  NodePtr node;
  std::vector<PodPtr> pods;  // to be rescheduled; none: the node is empty
  std::vector<PodPtr> on_completion;
  bool is_risky = false;  // its pods cannot all be evicted at once
};

inline constexpr std::string_view kRecentlyUnremovable = "RecentlyUnremovable";

struct UnremovableNode {
  NodePtr node;
  std::string_view reason;       // upstream's own name
  std::string_view detail = {};  // BlockedByPod: why that pod blocks
};

class RemovalSimulator {
 public:
  explicit RemovalSimulator(int version = kNewestVersion) : hinting_(version) {}

  using Verdict = std::variant<RemovableNode, UnremovableNode>;
  using IsDestination = std::function<bool(const std::string& name)>;

  // A removable node stays removed in the snapshot, its pods in their new places.
  Verdict simulate(Snapshot& snapshot, const std::string& node, const IsDestination& is_destination,
                   const DrainContext& context);

  void end_round() { hinting_.end_round(); }

 private:
  HintingSimulator hinting_;
};

}  // namespace casim::sim

// Would the cluster do without one node? Source: autoscaler-algorithm.md 4.4.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/autoscaler/drainability.h"
#include "sim/autoscaler/hinting.h"
#include "sim/autoscaler/snapshot.h"

namespace casim::sim {

struct RemovableNode {
  NodePtr node;
  std::vector<PodPtr> pods;  // to be rescheduled; none: the node is empty
  std::vector<PodPtr> on_completion;
  bool is_risky = false;  // its pods cannot all be evicted at once
};

struct UnremovableNode {
  NodePtr node;
  std::string_view reason;  // CA's own name
};

class RemovalSimulator {
 public:
  using Verdict = std::variant<RemovableNode, UnremovableNode>;
  using IsDestination = std::function<bool(const std::string& name)>;

  // A removable node stays removed in the snapshot, its pods in their new places.
  Verdict simulate(Snapshot& snapshot, const std::string& node, const IsDestination& is_destination,
                   const DrainContext& context);

  void drop_old_hints() { hinting_.drop_old_hints(); }

 private:
  HintingSimulator hinting_;
};

}  // namespace casim::sim

// Nodes whose removal was simulated in vain not long ago. They are not tried again before
// --unremovable-node-recheck-timeout. Source: autoscaler-algorithm.md 4.4.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/autoscaler/simulator/snapshot.h"
#include "sim/cluster/node_numbers.h"
#include "src/core/time.h"

namespace casim::sim {

// By name. Upstream's unremovable.Nodes, as far as it remembers simulations.
class RecentlyUnremovable {
 public:
  void add(const NodePtr& node, TimePoint until) {
    const std::uint32_t number = numbers_.of(*node);
    if (number >= until_.size()) until_.resize(number + 1, kTimeZero - Duration(1));
    if (until_[number] < kTimeZero) nodes_.push_back(node);
    until_[number] = until;
  }

  bool contains(const Node& node) {
    if (nodes_.empty()) return false;
    const std::uint32_t number = numbers_.of(node);
    return number < until_.size() && until_[number] >= kTimeZero;
  }

  // Forgets those whose time is up, and those that the snapshot does not have.
  void update(TimePoint now, const Snapshot& snapshot) {
    std::erase_if(nodes_, [&](const NodePtr& node) {
      TimePoint& until = until_[numbers_.of(*node)];
      if (until > now && snapshot.find(*node)) return false;
      until = kTimeZero - Duration(1);
      return true;
    });
  }

 private:
  NodeNumbers numbers_;
  std::vector<TimePoint> until_;  // by number; before the start of time: it is none of them
  std::vector<NodePtr> nodes_;
};

}  // namespace casim::sim

// How many nodes one estimation may add, and for how long. Source: autoscaler-algorithm.md 3.4.
#pragma once

#include <vector>

#include "src/core/time.h"

namespace casim::sim {

struct Threshold {
  int nodes = 0;        // 0: no limit; negative: none may be added
  Duration duration{};  // likewise
};

// The least positive one of each; any negative one wins.
Threshold combined(const std::vector<Threshold>& thresholds);

// `capacity`: room to max of the group and its similar groups.
Threshold capacity_threshold(int capacity);
// Room of the whole cluster.
Threshold cluster_threshold(int max_nodes_total, int current_nodes);

class EstimationLimiter {
 public:
  explicit EstimationLimiter(Threshold limit) : limit_(limit) {}

  // `elapsed`: since the estimation began. A permission counts a node.
  bool permit(Duration elapsed);

  int granted() const { return granted_; }

 private:
  Threshold limit_;
  int granted_ = 0;
};

}  // namespace casim::sim

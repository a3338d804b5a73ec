// How many nodes one estimation may add, and for how long. Source: autoscaler-algorithm.md 3.4.
#pragma once

#include <functional>
#include <vector>

#include "src/core/time.h"

namespace casim::sim {

struct Threshold {
  int nodes = 0;        // 0: no limit; negative: none may be added
  Duration duration{};  // likewise
};

// The least positive one of each; any negative one wins.
Threshold combined(const std::vector<Threshold>& thresholds);

struct GroupRoom {
  int max_size = 0;
  int target = 0;
};

// Room up to the maximum, of the group and its similar groups together.
Threshold capacity_threshold(const std::vector<GroupRoom>& groups);
// Room of the whole cluster.
Threshold cluster_threshold(int max_nodes_total, int current_nodes);

// What a threshold may look at.
struct EstimationContext {
  std::vector<GroupRoom> rooms;  // of the group and its similar groups
  int max_nodes_total = 0;
  int current_nodes = 0;
};

using ThresholdRule = std::function<Threshold(const EstimationContext&)>;

// Those of the real autoscaler: per scale-up, by capacity, by the size of the cluster.
std::vector<ThresholdRule> default_thresholds(int max_nodes_per_scaleup, Duration max_duration);

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

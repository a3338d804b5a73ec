// How many nodes one estimation may add, and for how long. Source: autoscaler-algorithm.md 3.4.
#pragma once

#include <functional>
#include <vector>

#include "src/core/time.h"

namespace casim::sim {

// Upstream's estimator.Threshold.
struct Threshold {
  int nodes = 0;        // 0: no limit; negative: none may be added
  Duration duration{};  // likewise
};

// The least positive one of each; any negative one wins.
Threshold combined(const std::vector<Threshold>& thresholds);

// How far a group may grow, in nodes.
struct GroupCapacity {
  int max_size = 0;
  int target = 0;
};

// Room up to the maximum, of the group and its similar groups together.
Threshold capacity_threshold(const std::vector<GroupCapacity>& groups);
// Room of the whole cluster.
Threshold cluster_threshold(int max_nodes_total, int current_nodes);

// What a threshold may look at.
struct EstimationContext {
  std::vector<GroupCapacity> groups;  // the group and its similar groups
  int max_nodes_total = 0;            // 0: no limit
  int current_nodes = 0;              // of the cluster, upcoming ones too
};

using ThresholdRule = std::function<Threshold(const EstimationContext&)>;

// Those of the real autoscaler: per scale-up, by capacity, by the size of the cluster.
std::vector<ThresholdRule> default_thresholds(int max_nodes_per_scaleup, Duration max_duration);

// Upstream's thresholdBasedEstimationLimiter. Made for one estimation.
class EstimationLimiter {
 public:
  explicit EstimationLimiter(Threshold limit) : limit_(limit) {}

  // `elapsed`: since the estimation began. A permission counts a node.
  bool permit(Duration elapsed);

  // Nodes permitted so far.
  int granted() const { return granted_; }

 private:
  Threshold limit_;
  int granted_ = 0;
};

}  // namespace casim::sim

// How many new nodes of one template a set of pod groups needs. Source: autoscaler-algorithm.md
// 3.5.
#pragma once

#include <vector>

#include "sim/autoscaler/scaleup/equivalence.h"
#include "sim/autoscaler/scaleup/limiter.h"
#include "sim/autoscaler/simulator/compute_time.h"
#include "sim/autoscaler/simulator/predicates.h"

namespace casim::sim {

// What an estimation found.
struct Estimate {
  int node_count = 0;        // new nodes that hold a pod
  std::vector<PodPtr> pods;  // all that found a place
};

// Upstream's BinpackingNodeEstimator: first fit, larger pods first. Made for one estimation.
class BinpackingEstimator {
 public:
  // The snapshot is as before when an estimation ends. Compute time counts against the limit's.
  BinpackingEstimator(Snapshot& snapshot, const NodeInfo& node_template, Threshold limit,
                      const ComputeTime& compute_time);

  // `groups`: those that fit an empty node of the template.
  Estimate estimate(std::vector<const PodGroup*> groups);

 private:
  std::vector<PodPtr> reuse(const PodGroup& group);
  // False: no more nodes may be added.
  bool grow(const std::vector<PodPtr>& rest);
  bool place_on_last(const PodPtr& pod);
  bool place_beside_last(const PodPtr& pod);
  void add_node();
  void track(const PodPtr& pod, Slot slot);
  bool is_new(Slot slot) const;

  Snapshot& snapshot_;
  const NodeInfo& template_;
  EstimationLimiter limiter_;
  const ComputeTime& compute_time_;

  Estimate result_;
  std::optional<Slot> last_;
  std::vector<bool> new_;       // by slot: added by this estimation
  std::vector<bool> has_pods_;  // by slot
  bool needs_own_nodes_ = false;
};

// Upstream's DecreasingPodOrderer. Larger pods first: cpu and memory as shares of the template's
// allocatable, added.
std::vector<const PodGroup*> decreasing(std::vector<const PodGroup*> groups, const Node& node);

}  // namespace casim::sim

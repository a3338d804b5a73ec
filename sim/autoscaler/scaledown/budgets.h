// How many deletions may run at a time. Source: autoscaler-algorithm.md 4.8.
#pragma once

#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/scaledown/deletion_tracker.h"

namespace casim::sim {

// Nodes of one group that go together.
struct DeletionBucket {
  NodeGroupPtr group;
  std::vector<NodePtr> nodes;
  bool is_atomic = false;  // the group scales only as a whole
  int target = 0;          // atomic: the group's target size
  int registered = 0;      // atomic: its nodes known to Kubernetes
  int batch_size = 0;      // deleted in one call once so many are ready; 0: each on its own
};

// What is left of the plan, empty nodes apart from those that have to be drained.
struct CroppedDeletions {
  std::vector<DeletionBucket> empty;
  std::vector<DeletionBucket> drain;
};

// Nodes that may be in deletion at a time.
struct DeletionLimits {
  int parallelism = 10;       // --max-scale-down-parallelism
  int drain_parallelism = 1;  // --max-drain-parallelism: of them, those that are drained
};

// Atomic groups first, whole or not at all; one of them may exceed the budget. Then single nodes,
// in the order of their groups. Upstream's CropNodes.
CroppedDeletions crop_nodes(const DeletionLimits& limits, const DeletionTracker& in_progress,
                            std::vector<DeletionBucket> empty, std::vector<DeletionBucket> drain);

}  // namespace casim::sim

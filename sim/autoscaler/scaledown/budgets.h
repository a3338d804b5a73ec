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

struct CroppedDeletions {
  std::vector<DeletionBucket> empty;
  std::vector<DeletionBucket> drain;
};

struct DeletionLimits {
  int parallelism = 10;
  int drain_parallelism = 1;
};

// Atomic groups first, whole or not at all; one of them may exceed the budget. Then single nodes,
// in the order of their groups.
CroppedDeletions crop(const DeletionLimits& limits, const DeletionTracker& in_progress,
                      std::vector<DeletionBucket> empty, std::vector<DeletionBucket> drain);

}  // namespace casim::sim

// Groups of pods that are the same to the scheduler. Source: autoscaler-algorithm.md 2.7.
#pragma once

#include <string>
#include <vector>

#include "sim/autoscaler/cluster/cluster_view.h"

namespace casim::sim {

// Upstream's equivalence.PodGroup.
struct PodGroup {
  std::vector<PodPtr> pods;                 // at least one
  std::vector<std::string> fitting_groups;  // node groups that its first pod fits

  // Stands for all of them.
  const PodSpec& exemplar() const { return *pods.front()->spec; }
};

// In order of their first pods. Of one controller at most ten groups take more than one pod.
std::vector<PodGroup> build_pod_groups(const std::vector<PodPtr>& pods);

}  // namespace casim::sim

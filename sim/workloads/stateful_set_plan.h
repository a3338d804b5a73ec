// What one sync of the StatefulSet controller does to pods: the decision without the writing.
// OrderedReady goes one pod at a time, upwards to create and downwards to delete, and waits for
// every pod that is not available; Parallel waits for none. A rollout replaces pods from the
// highest ordinal down to the partition: one at a time, or from 1.37 as many as maxUnavailable.
// Source: [k8s:pkg/controller/statefulset/stateful_set_control.go]; algorithm 6.2.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

// A pod of the set as its controller has seen it.
struct StatefulPod {
  PodId id;
  std::string revision;
  bool available = false;  // Ready for minReadySeconds
  bool ready = false;
  bool terminating = false;
  bool finished = false;  // Failed or Succeeded

  bool is_unavailable() const { return !available || terminating; }
};

struct StatefulSetView {
  std::uint64_t replicas = 0;
  bool parallel = false;
  std::uint64_t partition = 0;
  // Pods of the newest revision that may be unavailable in a rollout; none: 1, and a rollout waits
  // at each pod (up to 1.36).
  std::optional<std::uint64_t> max_unavailable;
  std::string revision;                       // the newest
  std::string current_revision;               // of pods below the partition
  std::map<std::uint64_t, StatefulPod> pods;  // by ordinal; terminating ones too
};

// Makes the pod of an ordinal, or deletes one.
struct StatefulWrite {
  std::uint64_t ordinal = 0;
  std::string revision;          // of the new pod
  std::optional<PodId> deleted;  // none: make it
};

// In this order; what comes after a failure is left out.
struct StatefulPlan {
  // By ordinal, nothing where there is nothing to do; in growing batches over all of them.
  std::vector<std::optional<StatefulWrite>> replicas;
  std::vector<std::optional<StatefulWrite>> condemned;  // beyond the replicas; likewise
  std::vector<StatefulWrite> outdated;                  // one after the other
};

StatefulPlan plan_stateful_set(const StatefulSetView& set);

}  // namespace casim::sim

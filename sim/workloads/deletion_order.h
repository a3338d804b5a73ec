// Which pods of a ReplicaSet go first when it has too many: ActivePodsWithRanks of
// [k8s:pkg/controller/controller_utils.go], algorithm 6.2.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/time.h"

namespace casim::sim {

struct DeletionCandidate {
  PodId pod;
  bool assigned = false;  // to a node
  bool running = false;   // else Pending
  bool ready = false;
  std::int32_t deletion_cost = 0;
  std::uint64_t on_node = 0;  // active pods of the same owner on its node
  Duration ready_for{};
  std::int32_t restarts = 0;
  Duration age{};
  std::uint64_t uid = 0;  // what stands for the random one of the API server
};

// True if `a` goes before `b`. Two different times that fall into one class, floor(log2(ns)), are
// settled by UID, equal ones by the next rule.
bool goes_before(const DeletionCandidate& a, const DeletionCandidate& b);

// Annotation controller.kubernetes.io/pod-deletion-cost; 0 without one or with nonsense.
std::int32_t deletion_cost_of(const PodSpec& pod);

// The pods to delete, first the one that goes first. Requires: count <= candidates.size().
std::vector<PodId> choose_to_delete(std::vector<DeletionCandidate> candidates, std::size_t count);

}  // namespace casim::sim

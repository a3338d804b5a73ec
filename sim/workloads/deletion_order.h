// Which pods of a ReplicaSet go first when it has too many: ActivePodsWithRanks of
// [k8s:pkg/controller/controller_utils.go], algorithm 6.2. What the model does not have is left
// out: deletion costs per pod, restarts, readiness apart from running.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/time.h"

namespace casim::sim {

struct DeletionCandidate {
  PodId pod;
  bool assigned = false;      // to a node
  bool ready = false;         // it runs
  std::uint64_t on_node = 0;  // active pods of the same owner on its node
  Duration ready_for{};
  Duration age{};
  std::uint64_t uid = 0;  // what stands for the random one of the API server
};

// True if `a` goes before `b`. Two different times that fall into one class, floor(log2(ns)), are
// settled by UID, equal ones by the next rule.
bool goes_before(const DeletionCandidate& a, const DeletionCandidate& b);

// The pods to delete, first the one that goes first. Requires: count <= candidates.size().
std::vector<PodId> choose_to_delete(std::vector<DeletionCandidate> candidates, std::size_t count);

}  // namespace casim::sim

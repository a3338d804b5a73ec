// Which Machines of a set go first when it shrinks. Source: provisioning-paths.md 2.3 [CAPI
// machineset_deletion_order.go].
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "sim/paths/cluster_api/objects.h"

namespace casim::sim {

struct MachineCandidate {
  std::uint32_t key = 0;
  MachineObject machine;
};

// 0 to 100; the highest goes first.
double deletion_priority(const MachineObject& machine, MachineDeleteOrder order, WallTime now);

// So many of them, in that order; those of one priority by name.
std::vector<std::uint32_t> pick_for_deletion(std::vector<MachineCandidate> candidates, int count,
                                             MachineDeleteOrder order, WallTime now);

}  // namespace casim::sim

// Soft taints on unneeded nodes, within a budget of calls and time per loop. Source:
// autoscaler-algorithm.md 4.10.
#pragma once

#include <vector>

#include "sim/autoscaler/cluster/node_writes.h"
#include "sim/autoscaler/options/options.h"
#include "sim/cluster/node_numbers.h"

namespace casim::sim {

// Bears the DeletionCandidate taint who is unneeded, and nobody else. Removals first. `nodes`: of
// some group, as the loop has read them; `unneeded`: as of the loop's planning, outlives the call.
Awaitable<void> update_soft_taints(NodeWrites& writes, Clock& clock,
                                   const AutoscalerOptions& options, std::vector<NodePtr> nodes,
                                   NodeMarks& unneeded);

}  // namespace casim::sim

// Which nodes scale-down looks at, and in which order. Source: autoscaler-algorithm.md 4.1.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/clusterstate/group_delays.h"
#include "sim/autoscaler/simulator/drainability.h"
#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::sim {

using GroupSizes = std::map<std::string, int>;  // targets, by group id

// Targets of all groups; a group whose target cannot be read is missing.
Awaitable<GroupSizes> group_sizes(LoopId by, CloudProvider& provider);

// Nodes of groups above their minimum.
Awaitable<std::vector<NodePtr>> scale_down_candidates(LoopId by, CloudProvider& provider,
                                                      std::vector<NodePtr> nodes);

// Empty nodes first, then those that were unneeded in the last loop; equals in upstream's order.
std::vector<NodePtr> sorted_candidates(std::vector<NodePtr> nodes, const Snapshot& snapshot,
                                       const DrainContext& context,
                                       const std::set<std::string>& previous);

// Without the nodes of groups that --scale-down-delay-type-local delays, and of those whose group
// cannot be read.
Awaitable<std::vector<NodePtr>> without_delayed(LoopId by, CloudProvider& provider,
                                                const GroupDelays& delays,
                                                std::vector<NodePtr> nodes, TimePoint now);

}  // namespace casim::sim

// The status ConfigMap as JSON text, in the form of the loop oracle: health, scale-up and
// scale-down state, counts that are not 0. Source: loops/README.md section 4, clusterstate.go.
#pragma once

#include <map>
#include <string>

#include "sim/autoscaler/clusterstate/cluster_state.h"

namespace casim::sim {

// `candidates`: unneeded nodes by group, as of the last planning.
Awaitable<std::string> status_json(LoopId by, const ClusterState& state, CloudProvider& provider,
                                   std::map<std::string, int> candidates, TimePoint now);

}  // namespace casim::sim

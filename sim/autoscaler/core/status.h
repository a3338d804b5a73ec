// The status ConfigMap as JSON text, in the form of the loop oracle: health, scale-up and
// scale-down state, counts that are not 0. Source: loops/README.md section 4, clusterstate.go.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/clusterstate/cluster_state.h"

namespace casim::sim {

// `groups`: all that the provider lists. `candidates`: unneeded nodes by group, as of the last
// planning.
std::string status_json(const ClusterState& state, const std::vector<NodeGroupPtr>& groups,
                        const std::map<std::string, int>& candidates, TimePoint now);

}  // namespace casim::sim

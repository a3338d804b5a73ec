// Distributes new nodes over groups so that their sizes come out even. Source:
// autoscaler-algorithm.md 3.8.
#pragma once

#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"

namespace casim::sim {

// A group's part in a scale-up. Upstream's nodegroupset.ScaleUpInfo.
struct ScaleUpInfo {
  NodeGroupPtr group;
  int current_size = 0;  // its target
  int new_size = 0;
  int max_size = 0;
};

// Water-filling: each node goes to a smallest group that has room, in upstream's order among
// equals, which is also the order of the result. Only groups that change are returned.
// Requires: new_size = current_size.
std::vector<ScaleUpInfo> balance(std::vector<ScaleUpInfo> groups, int new_nodes);

}  // namespace casim::sim

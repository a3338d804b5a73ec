// Bounds of --nodes are those of Auto Scaling groups, whose names contain that of the node group.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/import/autoscaler_arguments.h"

namespace casim::sim {

struct MatchedBounds {
  std::map<std::string, GroupBounds> bounds;  // by node group
  std::vector<std::string> unmatched;         // names of Auto Scaling groups
};

// "general", "eks-general-UUID", "eksctl-CLUSTER-nodegroup-general-NodeGroup-X". Several of one
// node group, as for one per zone, add up.
MatchedBounds match_bounds(const std::map<std::string, GroupBounds>& given,
                           const std::vector<std::string>& groups);

}  // namespace casim::sim

// Whether EC2 would grant the machines that a scenario starts with.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace casim::sim {

struct QuotaProblem {
  std::size_t group = 0;  // index in node_groups
  std::string message;
};

// The groups whose initial nodes pass the vCPU quota of their family (ec2.md 5.5), counted as the
// EC2 model counts them: together, in the order of the groups, all of a group's first type. Static
// nodes are no machines of EC2. Requires: known instance types.
std::vector<QuotaProblem> initial_nodes_above_quota(const Scenario& scenario);

}  // namespace casim::sim

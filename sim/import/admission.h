// Pods that are on nodes stay there, though a rule of theirs is not met any more, or is not met by
// the node as it is made anew: names of hosts, labels and taints that only one node has.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/config/value.h"

namespace casim::sim {

// Takes out of a scenario's pod the rules that a node does not meet; answers which.
std::vector<std::string> drop_unmet_rules(config::Value& pod,
                                          const std::map<std::string, std::string>& labels,
                                          const config::Value::List& taints);

// Takes out of it the resources that nodes here cannot offer; answers which.
std::vector<std::string> drop_unoffered(config::Value& pod);

}  // namespace casim::sim

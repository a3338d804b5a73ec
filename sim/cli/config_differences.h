// What a scenario says that the defaults do not.
#pragma once

#include <vector>

#include "sim/report/report_input.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

// Leaf by leaf, in the order of scenario.json. Items of a list are named by their name, as --set
// takes it, or their number; what they leave to the defaults is left out.
std::vector<ConfigDifference> differences_from_defaults(const Scenario& scenario);

}  // namespace casim::sim

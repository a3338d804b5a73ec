// The filters that --expander may name. Source: autoscaler-algorithm.md 3.6.
#pragma once

#include <string>
#include <vector>

namespace casim::sim {

// Empty: the names form a chain. Else what is wrong: a name that is unknown, not modelled or named
// twice, or one behind "random", which leaves one option.
std::string problem_of_expanders(const std::vector<std::string>& names);

}  // namespace casim::sim

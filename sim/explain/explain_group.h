// The group's part of explain().
#pragma once

#include <vector>

#include "sim/explain/explanation.h"

namespace casim::sim {

Explanation explain_group(const Target& target, const ToldRun& run,
                          const std::vector<KeptFact>& kept);

}  // namespace casim::sim

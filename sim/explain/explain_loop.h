// The loop's part of explain().
#pragma once

#include <vector>

#include "sim/explain/explanation.h"

namespace casim::sim {

Explanation explain_loop(const Target& target, const ToldRun& run,
                         const std::vector<KeptFact>& kept);

}  // namespace casim::sim

// The pod's part of explain().
#pragma once

#include <vector>

#include "sim/explain/explanation.h"

namespace casim::sim {

Explanation explain_pod(const Target& target, const ToldRun& run,
                        const std::vector<KeptFact>& kept);

}  // namespace casim::sim

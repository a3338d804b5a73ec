// The group's part of explain().
#pragma once

#include "sim/explain/explanation.h"

namespace casim::sim {

Explanation explain_group(const Target& target, const ReplayedRun& run, const KeptFacts& kept);

}  // namespace casim::sim

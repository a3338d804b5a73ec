// Scheduling gates: when they are lifted, and what cannot be said of them.
#pragma once

#include <map>
#include <string>

#include "sim/scenario/scenario.h"
#include "sim/workloads/gate_lifter.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

std::map<std::string, GateLift> resolve_gates(const Scenario& scenario);

void check_gates(const Scenario& scenario, const config::Document& document,
                 config::Problems& problems);

}  // namespace casim::sim

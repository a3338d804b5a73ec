// What does not fit of workloads and their pods, beside what stands in one of them alone.
#pragma once

#include "sim/scenario/scenario.h"
#include "src/config/config.h"

namespace casim::sim {

void validate_pods(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems);

}  // namespace casim::sim

// Checks of HPAs across the parts of a scenario, and of what needs an end that the load does not
// give.
#pragma once

#include "sim/scenario/scenario.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

// What an HPA sizes is a Deployment or one ReplicaSet, and nobody else's to size.
void check_hpas(const Scenario& scenario, const config::Document& document,
                config::Problems& problems);
// CronJobs and HPAs never end by themselves.
void check_endless(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems);

}  // namespace casim::sim

// When the load of a plan changes by a schedule, and when pods flow in one by one: what a cluster
// is disturbed by (sim/metrics/convergence.h).
#pragma once

#include "sim/metrics/convergence.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

ConvergenceOptions convergence_options(const Scenario& scenario);

LoadSchedule load_schedule(const LoadPlan& plan, const Scenario& scenario);

}  // namespace casim::sim

// Disruption budgets as the API server has them, before their controller has seen them; and what it
// refuses of those of a scenario.
#pragma once

#include <vector>

#include "sim/cluster/objects.h"
#include "sim/scenario/scenario.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {

std::vector<PodDisruptionBudget> resolve_budgets(const Scenario& scenario);

void check_budgets(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems);

}  // namespace casim::sim

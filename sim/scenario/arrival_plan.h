// A workload of kind `arrivals` as the load plays it.
#pragma once

#include <optional>
#include <string>

#include "sim/load/arrival_series.h"
#include "sim/scenario/scenario.h"
#include "src/config/problems.h"

namespace casim::sim {

// Requires: the workload ends, by its `to` or by the scenario's duration. Nothing, with problems
// added, when its rows cannot be read.
std::optional<ArrivalSpec> make_arrivals(const std::string& name, const ArrivalWorkload& workload,
                                         const Scenario& scenario, config::Problems& problems);

}  // namespace casim::sim

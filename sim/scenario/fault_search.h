// Cases of the search for what breaks: a scenario with faults that are drawn, of any kind, at any
// time of the first part of the run, so that the rest shows whether it recovers.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/scenario/load_scenario.h"

namespace casim::sim {

// Two groups in two zones, three bursts that come and go, timers shortened so that an hour has
// many scale-downs. Comes to rest when nothing goes wrong.
Scenario search_scenario();

// 1 to 7 of them, drawn by the seed; the names in them are the scenario's own. All are over after a
// quarter of the run (of an hour, if the load decides its end) but for the few that come again and
// again.
std::vector<Fault> random_faults(const Scenario& scenario, std::uint64_t seed);

// The scenario with faults and seed in the place of its own, as a file holds it: written down and
// read again. Throws std::logic_error when what was drawn is no scenario.
LoadedScenario fault_case(const Scenario& scenario, std::uint64_t seed);

}  // namespace casim::sim

// The thresholds of a scenario: checked before the run, judged after it.
#pragma once

#include <vector>

#include "sim/metrics/collectors.h"
#include "sim/metrics/threshold.h"
#include "sim/scenario/load_scenario.h"
#include "src/config/problems.h"

namespace casim::sim {

// What cannot be judged is an error at its place.
std::vector<SummaryThreshold> read_thresholds(const LoadedScenario& loaded,
                                              config::Problems& problems);

// Puts the verdicts into the summary, which is of `told`; a partial run has none.
void judge_thresholds(const std::vector<SummaryThreshold>& thresholds, const Collectors& told,
                      Summary& summary);

// One that was judged does not hold.
bool breaks_threshold(const Summary& summary);

}  // namespace casim::sim

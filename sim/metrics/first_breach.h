// When a run first missed a threshold that it did not hold at its end: where to look.
#pragma once

#include <optional>

#include "sim/metrics/collectors.h"
#include "sim/metrics/threshold.h"

namespace casim::sim {

// The instant from which on the value, of what had happened until then, never held again. Of
//   waits of pods (p50, p90, p99, max) that are bounded above: a pod counts when it runs, or when
//   its wait passes the bound;
//   counts of pods that ended, and of nodes, that are bounded above;
//   convergence: when the first disturbance that breaks the bound began.
// None: other values are of the whole run. Requires: `summary`, of `told`, does not hold it.
std::optional<TimePoint> first_breach(const SummaryThreshold& threshold, const Summary& summary,
                                      const Collectors& told);

}  // namespace casim::sim

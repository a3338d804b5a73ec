// The one place of the simulator that looks at the real clock: progress, and what meta.json says
// about the host. Nothing of it reaches a result.
#pragma once

#include <string>

namespace casim::sim {

double monotonic_seconds();
std::string utc_now();  // "2026-01-05T08:00:00Z"
std::string host_name();

}  // namespace casim::sim

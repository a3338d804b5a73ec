// How long EC2 may fail to show a machine that exists.
#pragma once

#include "src/core/time.h"

namespace casim::provider {

// assumed: beyond the 99.99th percentile of ec2.md 5.5's window after RunInstances (log-normal,
// median 1 s, sigma 0.8), and short enough that the second list of the default period is after it.
inline constexpr Duration kVisibilityGrace = std::chrono::seconds(20);

}  // namespace casim::provider

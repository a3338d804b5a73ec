// Two servers under the same load in turns, so that whatever else the machine does meets both.
#pragma once

#include <string>
#include <vector>

#include "bench/provider_load/closed_loop.h"

namespace casim::bench {

// Medians over the rounds.
struct Speed {
  double calls_per_s = 0;
  double p50_us = 0;
  double p99_us = 0;
};

struct Comparison {
  Speed provider;
  Speed echo;
};

Comparison compare(ClosedLoop& provider, ClosedLoop& echo, int in_flight, int rounds,
                   Duration length);

// For people, on standard error.
void tell(const std::string& what, const Comparison& seen);

}  // namespace casim::bench

// Rates as load is described in the field. Times are in seconds from the start of the run, rates in
// pods per second. What is random in them is drawn under a key of the caller's, so that the same
// key gives the same rate whatever else is loaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/load/rate.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

// From one rate to another in a straight line; before and after as at its ends.
RatePtr ramp(double at, double over, double from, double to);

// `size` pods within `over`, again and again: the n-th burst begins at + n * every, and up to
// `jitter` later. Requires: over > 0, and jitter + over <= every.
struct BurstsShape {
  double size = 0;
  double at = 0;
  double every = 0;
  double over = 0;
  double jitter = 0;
};

RatePtr bursts(const BurstsShape& shape, const Random& random, std::uint64_t key);

// The same every week: a curve over the day, straight between quarters of an hour, times a factor
// for each day of the week.
struct CycleShape {
  double peak = 0;
  std::vector<double> day;       // shares of the peak at equal distances, the first at midnight
  std::vector<double> weekdays;  // seven factors, Monday first
  WallTime start{};              // of the run; days are UTC's
};

// Shares over a day: half a cosine up and half a cosine down between `trough` and 1 at `peak_at`
// seconds after midnight.
std::vector<double> cosine_day(double trough, double peak_at);

RatePtr cycle(CycleShape shape);

// Holds the rate of one state until its time is over, then of another one. It begins in the first.
struct ModulatedState {
  double rate = 0;
  Distribution stay;
  std::vector<double> next;  // weights of the states that follow; empty: all others alike
};

// Requires: at least two states; a stay is at least 1 s, or it counts as that.
RatePtr modulated(std::vector<ModulatedState> states, const Random& random, std::uint64_t key);

}  // namespace casim::sim

// Time as the whole program sees it. The timeline is virtual in a simulation and monotonic in
// production; its zero is the start of the run. No type here can be asked for "now": that takes
// a Clock& (clock.h). Unit everywhere: nanoseconds.
#pragma once

#include <chrono>
#include <cstdint>

#include "src/core/round.h"

namespace casim {

using Duration = std::chrono::nanoseconds;

// A clock tag without now(), so that no code can read time unless it was handed a Clock.
struct Timeline {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<Timeline, Duration>;
  static constexpr bool is_steady = true;
};

using TimePoint = Timeline::time_point;            // since the start of the run
using WallTime = std::chrono::sys_time<Duration>;  // calendar time: object times, signatures, logs

inline constexpr TimePoint kTimeZero{};
inline constexpr TimePoint kTimeNever = TimePoint::max();

// Kubernetes objects carry whole seconds: the fraction is cut, not rounded.
constexpr WallTime cut_to_second(WallTime t) { return std::chrono::floor<std::chrono::seconds>(t); }

// For reports and messages only; decisions never use floating point seconds.
constexpr double to_seconds(Duration d) { return std::chrono::duration<double>(d).count(); }

constexpr double to_seconds(TimePoint t) { return to_seconds(t.time_since_epoch()); }

// The nearest nanosecond, at most 292 years either way; exact for decimals of microseconds below
// 100 days. Requires: not NaN.
constexpr Duration from_seconds(double s) { return Duration(round_to<std::int64_t>(s * 1e9)); }

}  // namespace casim

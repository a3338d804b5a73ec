// Times in files: whole nanoseconds, no floating point.
#pragma once

#include <string>

#include <fmt/format.h>

#include "src/core/time.h"

namespace casim::sim {

// Nine decimals. Requires: not negative.
inline std::string exact_seconds(Duration d) {
  const auto ns = d.count();
  return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

// Empty: never.
inline std::string exact_seconds(TimePoint t) {
  return t == kTimeNever ? "" : exact_seconds(t.time_since_epoch());
}

}  // namespace casim::sim

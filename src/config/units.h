// Texts with units, read and written. An error is the reason alone ("unknown unit \"x\""); the
// caller adds what was expected. Every write_* result is read back to the same value.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "src/core/quantity.h"
#include "src/core/time.h"

namespace casim::config {

template <class T>
using Parsed = std::expected<T, std::string>;

// The longest duration that a member may have: the sum of a few stays below the 292 years that
// Duration holds.
inline constexpr Duration kLongestDuration = std::chrono::hours(50 * 365 * 24);

// Go's syntax plus d for 24 hours: "90s", "1h30m", "1.5s", "250ms", "2d", "-5s", "0". A number
// without a unit is an error. Written in Go's way without empty parts: "1m30s", "1h30m", "250ms".
Parsed<Duration> parse_duration(std::string_view text);
std::string write_duration(Duration d);

// Kubernetes quantities: decimal, suffix n u m k M G T P E or Ki Mi Gi Ti Pi Ei, or exponent.
// Fractions of the smallest unit are rounded up, as Kubernetes does. Never negative.
Parsed<MilliCpu> parse_cpu(std::string_view text);
Parsed<Bytes> parse_bytes(std::string_view text);
Parsed<std::int64_t> parse_count(std::string_view text);  // extended resources: whole units

// ISO 8601 with an offset: "2026-01-05T00:00:00Z", "2026-01-05T01:00:00.5+01:00". Written in UTC.
Parsed<WallTime> parse_wall_time(std::string_view text);
std::string write_wall_time(WallTime t);

}  // namespace casim::config

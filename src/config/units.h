// Texts with units, read and written. An error is the reason alone ("unknown unit \"x\""); the
// caller adds what was expected. Every write_* result is read back to the same value.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "src/core/money.h"
#include "src/core/quantity.h"
#include "src/core/time.h"

namespace casim::config {

template <class T>
using Parsed = std::expected<T, std::string>;

// A number of things per time, kept as written: "5/m" stays 5 per minute.
struct Rate {
  double count = 0;
  Duration per = std::chrono::seconds(1);  // one second, minute, hour or day

  bool operator==(const Rate&) const = default;

  double per_second() const { return count / to_seconds(per); }
};

// Go's syntax plus d for 24 hours: "90s", "1h30m", "1.5s", "250ms", "2d", "-5s", "0". A number
// without a unit is an error. Written in Go's way without empty parts: "1m30s", "1h30m", "250ms".
Parsed<Duration> parse_duration(std::string_view text);
std::string write_duration(Duration d);

// Kubernetes quantities: decimal, suffix n u m k M G T P E or Ki Mi Gi Ti Pi Ei, or exponent.
// Fractions of the smallest unit are rounded up, as Kubernetes does. Never negative.
Parsed<MilliCpu> parse_cpu(std::string_view text);
Parsed<Bytes> parse_bytes(std::string_view text);
Parsed<std::int64_t> parse_count(std::string_view text);  // extended resources: whole units

// "30/s", "0.5/m", "100/h", "10/d".
Parsed<Rate> parse_rate(std::string_view text);
std::string write_rate(const Rate& rate);

// US dollars with at most six decimals: "0.192". Never negative.
Parsed<std::int64_t> parse_micro_usd(std::string_view text);
std::string write_micro_usd(std::int64_t micro_usd);

// ISO 8601 with an offset: "2026-01-05T00:00:00Z", "2026-01-05T01:00:00.5+01:00". Written in UTC.
Parsed<WallTime> parse_wall_time(std::string_view text);
std::string write_wall_time(WallTime t);

// The shortest decimal that reads back to the same double: "0.1", "1e+30".
std::string write_number(double number);

}  // namespace casim::config

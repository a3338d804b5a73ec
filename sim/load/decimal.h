// Decimal numbers of a trace, read exactly: "12", "0.5", "12.000". No sign, no exponent, no
// floating point.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

namespace casim::sim {

enum class DecimalError {
  kNotANumber,
  kNegative,
  kTooLarge,  // does not fit in 64 bits of the unit
  kTooFine,   // not a whole number of units
};

// The number times `unit`: parse_decimal("1.5", 1'000'000'000) reads seconds as nanoseconds.
// Requires: unit > 0.
std::expected<std::int64_t, DecimalError> parse_decimal(std::string_view text, std::int64_t unit);

}  // namespace casim::sim

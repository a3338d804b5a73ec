// Whole numbers, of all widths.
#include <limits>

#include <fmt/format.h>

#include "src/config/cursor.h"

namespace casim::config {
namespace {

// The message for numbers that the type cannot hold, and for what is no number.
void refuse(const Cursor& from, const std::string& range) {
  const bool is_number = from.value().as_double().has_value();
  const bool is_whole =
      from.value().kind() == Value::Kind::kInteger || from.value().as_int64().has_value();
  from.mismatch(is_number && is_whole ? fmt::format("a whole number {}", range) : "a whole number");
}

}  // namespace

std::optional<std::int64_t> read_signed(const Cursor& from, std::int64_t min, std::int64_t max,
                                        const Rules& rules) {
  const auto number = from.value().as_int64();
  if (!number || *number < min || *number > max) {
    refuse(from, fmt::format("from {} to {}", min, max));
    return std::nullopt;
  }
  if (!is_in_range(from, static_cast<long double>(*number), rules)) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> read_unsigned(const Cursor& from, std::uint64_t max,
                                           const Rules& rules) {
  const auto number = from.value().as_uint64();
  if (!number || *number > max) {
    refuse(from, fmt::format("from 0 to {}", max));
    return std::nullopt;
  }
  if (!is_in_range(from, static_cast<long double>(*number), rules)) return std::nullopt;
  return number;
}

}  // namespace casim::config

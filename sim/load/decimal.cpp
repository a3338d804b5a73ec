#include "sim/load/decimal.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace casim::sim {

namespace {

__extension__ using Wide = __int128;

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::expected<std::int64_t, DecimalError> parse_decimal(std::string_view text, std::int64_t unit) {
  assert(unit > 0);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const bool ends_with_point = point + 1 == text.size();
  if (whole.empty() || ends_with_point || !is_digits(whole) || !is_digits(fraction)) {
    return std::unexpected(DecimalError::kNotANumber);
  }
  if (negative) return std::unexpected(DecimalError::kNegative);
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t result = 0;
  for (const char digit : whole) {
    const Wide next = Wide{result} * 10 + Wide{digit - '0'} * unit;
    if (next > kMax) return std::unexpected(DecimalError::kTooLarge);
    result = static_cast<std::int64_t>(next);
  }
  while (fraction.ends_with('0')) fraction.remove_suffix(1);
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  for (const char digit : fraction) {
    if (denominator > kMax / 100) return std::unexpected(DecimalError::kTooFine);
    numerator = numerator * 10 + (digit - '0');
    denominator *= 10;
  }
  const Wide scaled = Wide{numerator} * unit;
  if (scaled % denominator != 0) return std::unexpected(DecimalError::kTooFine);
  const auto part = static_cast<std::int64_t>(scaled / denominator);
  if (result > kMax - part) return std::unexpected(DecimalError::kTooLarge);
  return result + part;
}

}  // namespace casim::sim

// Kubernetes quantities (k8s.io/apimachinery/pkg/api/resource, "Quantity").
#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "src/config/decimal.h"
#include "src/config/units.h"

namespace casim::config {
namespace {

struct Suffix {
  std::string_view name;
  int ten = 0;  // powers of ten and of two
  int two = 0;
};

constexpr Suffix kSuffixes[] = {
    {"n", -9, 0},  {"u", -6, 0},  {"m", -3, 0},  {"", 0, 0},    {"k", 3, 0},   {"M", 6, 0},
    {"G", 9, 0},   {"T", 12, 0},  {"P", 15, 0},  {"E", 18, 0},  {"Ki", 0, 10}, {"Mi", 0, 20},
    {"Gi", 0, 30}, {"Ti", 0, 40}, {"Pi", 0, 50}, {"Ei", 0, 60},
};

// Beyond any value that fits, and short enough to add to a scale.
constexpr int kMaxExponent = 1000;

bool is_exponent(std::string_view suffix) {
  return suffix.size() > 1 && (suffix[0] == 'e' || suffix[0] == 'E') && suffix[1] != 'i';
}

Parsed<int> exponent_of(std::string_view suffix) {
  std::string_view digits = suffix.substr(1);
  const bool negative = digits.front() == '-';
  if (negative || digits.front() == '+') digits.remove_prefix(1);
  const bool whole = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  if (!whole) return std::unexpected(fmt::format("the exponent \"{}\" is no number", suffix));
  int exponent = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (result.ec != std::errc{}) exponent = kMaxExponent;
  exponent = std::min(exponent, kMaxExponent);
  return negative ? -exponent : exponent;
}

Parsed<Suffix> suffix_of(std::string_view text) {
  for (const Suffix& suffix : kSuffixes) {
    if (suffix.name == text) return suffix;
  }
  if (is_exponent(text)) {
    const auto exponent = exponent_of(text);
    if (!exponent) return std::unexpected(exponent.error());
    return Suffix{"e", *exponent, 0};
  }
  return std::unexpected(
      fmt::format("unknown suffix \"{}\" (allowed: n u m k M G T P E, Ki Mi Gi Ti Pi Ei)", text));
}

// The amount in units of 1/units_per_one.
Parsed<Scaled> parse_quantity(std::string_view text, std::int64_t units_per_one) {
  if (text.empty()) return std::unexpected("it is empty");
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  auto number = take_decimal(text);
  if (!number) return std::unexpected("it does not start with a number");
  const auto suffix = suffix_of(text);
  if (!suffix) return std::unexpected(suffix.error());
  number->scale -= suffix->ten;
  const auto result = scaled(*number, (Int128{1} << suffix->two) * units_per_one);
  if (!result) return std::unexpected("it is too large");
  if (negative && (result->whole != 0 || result->has_rest)) {
    return std::unexpected("it must not be negative");
  }
  return *result;
}

Parsed<std::int64_t> rounded_up(const Parsed<Scaled>& amount) {
  if (!amount) return std::unexpected(amount.error());
  if (!amount->has_rest) return amount->whole;
  if (amount->whole == std::numeric_limits<std::int64_t>::max()) {
    return std::unexpected("it is too large");
  }
  return amount->whole + 1;
}

}  // namespace

Parsed<MilliCpu> parse_cpu(std::string_view text) {
  const auto amount = rounded_up(parse_quantity(text, 1000));
  if (!amount) return std::unexpected(amount.error());
  return MilliCpu(*amount);
}

Parsed<Bytes> parse_bytes(std::string_view text) {
  const auto amount = rounded_up(parse_quantity(text, 1));
  if (!amount) return std::unexpected(amount.error());
  return Bytes(*amount);
}

Parsed<std::int64_t> parse_count(std::string_view text) {
  const auto amount = parse_quantity(text, 1);
  if (!amount) return std::unexpected(amount.error());
  if (amount->has_rest) return std::unexpected("it must be a whole number");
  return amount->whole;
}

}  // namespace casim::config

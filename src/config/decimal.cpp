#include "src/config/decimal.h"

#include <cassert>
#include <limits>

namespace casim::config {
namespace {

constexpr int kMaxPower = 37;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_digit(Decimal& number, char digit, bool is_fraction) {
  const bool has_room = number.mantissa < power_of_ten(30);
  if (has_room) {
    number.mantissa = number.mantissa * 10 + (digit - '0');
    if (is_fraction) ++number.scale;
  } else if (is_fraction) {
    number.inexact = number.inexact || digit != '0';
  } else {
    number.too_large = true;
  }
}

void drop_digit(Decimal& number) {
  number.inexact = number.inexact || number.mantissa % 10 != 0;
  number.mantissa /= 10;
  --number.scale;
}

}  // namespace

Int128 power_of_ten(int exponent) {
  assert(exponent >= 0 && exponent <= kMaxPower);
  Int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  std::size_t used = 0;
  bool has_digit = false;
  bool is_fraction = false;
  for (; used < text.size(); ++used) {
    if (is_digit(text[used])) {
      has_digit = true;
      append_digit(number, text[used], is_fraction);
    } else if (text[used] == '.' && !is_fraction) {
      is_fraction = true;
    } else {
      break;
    }
  }
  if (!has_digit) return std::nullopt;
  text.remove_prefix(used);
  return number;
}

std::optional<Scaled> scaled(Decimal number, Int128 unit) {
  if (number.mantissa == 0 && !number.too_large) return Scaled{0, number.inexact};
  if (number.too_large || number.scale < -kMaxPower) return std::nullopt;
  while (number.scale > kMaxPower && number.mantissa != 0) drop_digit(number);
  if (number.mantissa == 0) return Scaled{0, number.inexact};
  if (number.scale < 0) {
    if (__builtin_mul_overflow(unit, power_of_ten(-number.scale), &unit)) return std::nullopt;
    number.scale = 0;
  }
  Int128 product = 0;
  while (__builtin_mul_overflow(number.mantissa, unit, &product)) {
    if (number.scale == 0) return std::nullopt;
    drop_digit(number);
  }
  const Int128 divisor = power_of_ten(number.scale);
  const Int128 whole = product / divisor;
  if (whole > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return Scaled{static_cast<std::int64_t>(whole), number.inexact || product % divisor != 0};
}

}  // namespace casim::config

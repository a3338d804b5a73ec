// Decimal numbers read exactly, scaled to whole units afterwards. Inside of config only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace casim::config {

__extension__ using Int128 = __int128;

// mantissa / 10^scale, a little more if `inexact` (digits beyond the capacity were cut).
struct Decimal {
  Int128 mantissa = 0;
  int scale = 0;
  bool inexact = false;
  bool too_large = false;
};

// Takes "12", "1.5", ".5" or "1." from the front of the text; nothing if there is no digit.
std::optional<Decimal> take_decimal(std::string_view& text);

struct Scaled {
  std::int64_t whole = 0;  // rounded towards zero
  bool has_rest = false;
};

// number * unit, or nothing if that exceeds int64.
std::optional<Scaled> scaled(Decimal number, Int128 unit);

Int128 power_of_ten(int exponent);  // 0 to 37

}  // namespace casim::config

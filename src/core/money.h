// Prices in millionths of a US dollar.
#pragma once

#include <compare>
#include <cstdint>

namespace casim {

struct Price {
  std::int64_t micro_usd_per_hour = 0;

  auto operator<=>(const Price&) const = default;
};

}  // namespace casim

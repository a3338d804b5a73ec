// Prices and amounts in millionths of a US dollar.
#pragma once

#include <compare>
#include <cstdint>

namespace casim {

struct Price {
  std::int64_t micro_usd_per_hour = 0;

  auto operator<=>(const Price&) const = default;
};

struct Money {
  std::int64_t micro_usd = 0;

  auto operator<=>(const Money&) const = default;
};

// Rounded to the nearest millionth, once for all seconds of one price: EC2 bills whole seconds at
// the price of an hour. Hours first: the product with all seconds would overflow within months at
// the highest price of a scenario, a million dollars an hour.
constexpr Money cost_of(Price price, std::int64_t seconds) {
  const std::int64_t hours = price.micro_usd_per_hour * (seconds / 3600);
  return Money{hours + (price.micro_usd_per_hour * (seconds % 3600) + 1800) / 3600};
}

}  // namespace casim

#include "src/core/money.h"

#include <algorithm>
#include <cassert>

namespace casim {

Money cost_of(Price price, Duration running) {
  assert(running >= Duration::zero());
  assert(price.micro_usd_per_hour >= 0);
  // Per-second billing: a second that has begun is billed, and never fewer than 60.
  const auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(running).count(), 60L);
  constexpr std::int64_t kHour = 3600;
  // Whole hours apart, so that no product overflows at any length of run.
  const std::int64_t rest = (price.micro_usd_per_hour * (seconds % kHour) + kHour / 2) / kHour;
  return Money{price.micro_usd_per_hour * (seconds / kHour) + rest};
}

}  // namespace casim

// Money in millionths of a US dollar; prices are per hour. Cost of a span is rounded to the
// nearest millionth in one place, cost_of(); EC2's per-second billing rule is cited there.
#pragma once

#include <compare>
#include <cstdint>

#include "src/core/time.h"

namespace casim {

struct Money {
  std::int64_t micro_usd = 0;

  auto operator<=>(const Money&) const = default;

  Money& operator+=(Money other) {
    micro_usd += other.micro_usd;
    return *this;
  }
};

struct Price {
  std::int64_t micro_usd_per_hour = 0;

  auto operator<=>(const Price&) const = default;
};

// EC2 bills Linux on-demand instances per second from running to the stop, with a minimum of
// 60 s (AWS: Amazon EC2 on-demand pricing, "per-second billing").
Money cost_of(Price price, Duration running);

}  // namespace casim

#include "sim/ec2/billing.h"

#include <algorithm>

#include "src/core/round.h"

namespace casim::sim {

std::int64_t billed_seconds(Duration ran) {
  constexpr std::int64_t kLeast = 60;
  return std::max<std::int64_t>(kLeast, std::chrono::ceil<std::chrono::seconds>(ran).count());
}

std::vector<PoolCost> costs_of(const Bill& bill, const Ec2Config& config) {
  std::vector<PoolCost> costs;
  for (const auto& [pool, seconds] : bill.seconds()) {
    std::optional<Price> price = config.catalogue->at(pool.type).price;
    if (price && pool.lifecycle == ec2::Lifecycle::kSpot) {
      const double on_demand = static_cast<double>(price->micro_usd_per_hour);
      price = Price{round_to<std::int64_t>(on_demand * config.spot.price_share)};
    }
    costs.push_back(
        {pool, seconds, price ? std::optional(cost_of(*price, seconds)) : std::nullopt});
  }
  return costs;
}

}  // namespace casim::sim

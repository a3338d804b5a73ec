#include "sim/ec2/billing.h"

#include <algorithm>

#include "src/core/round.h"

namespace casim::sim {

std::int64_t billed_seconds(Duration ran) {
  constexpr std::int64_t kLeast = 60;
  return std::max<std::int64_t>(kLeast, std::chrono::ceil<std::chrono::seconds>(ran).count());
}

std::optional<Price> price_as_bought(const ec2::InstanceType& type, ec2::Lifecycle lifecycle,
                                     const SpotConfig& spot) {
  if (!type.price || lifecycle == ec2::Lifecycle::kOnDemand) return type.price;
  const auto on_demand = static_cast<double>(type.price->micro_usd_per_hour);
  return Price{round_to<std::int64_t>(on_demand * spot.price_share)};
}

std::vector<PoolCost> costs_of(const Bill& bill, const Ec2Config& config) {
  std::vector<PoolCost> costs;
  for (const auto& [pool, seconds] : bill.seconds()) {
    const std::optional<Price> price =
        price_as_bought(config.catalogue->at(pool.type), pool.lifecycle, config.spot);
    costs.push_back(
        {pool, seconds, price ? std::optional(cost_of(*price, seconds)) : std::nullopt});
  }
  return costs;
}

}  // namespace casim::sim

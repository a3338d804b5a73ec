#include "src/provider/pricing.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace casim::provider {
namespace {

double share(std::int64_t requested, std::int64_t free) {
  return requested <= 0 ? 0 : static_cast<double>(requested) / static_cast<double>(free);
}

// The largest share of any resource: what is left beside it is of no use to others.
double share_of(const Resources& requests, const Resources& free) {
  double largest = std::max(share(requests.cpu.value(), free.cpu.value()),
                            share(requests.memory.value(), free.memory.value()));
  for (const auto& [name, amount] : requests.extended) {
    if (amount > 0) largest = std::max(largest, share(amount, free.extended.at(name)));
  }
  return largest;
}

}  // namespace

Result<double> price_of(const GroupConfig& group, WallTime start, WallTime end) {
  if (!group.price) {
    return failure(ErrorCode::kNotFound, "the price of node group " + group.id + " is not known");
  }
  const double hours = std::chrono::duration<double, std::ratio<3600>>(end - start).count();
  return static_cast<double>(group.price->micro_usd_per_hour) * 1e-6 * std::max(0.0, hours);
}

Result<double> price_of_pod(std::span<const GroupConfig> groups, const Resources& requests,
                            WallTime start, WallTime end) {
  std::optional<double> cheapest;
  for (const GroupConfig& group : groups) {
    const Resources& free = group.node_template.allocatable;
    const Result<double> node_price = price_of(group, start, end);
    if (!node_price || !requests.fits_in(free)) continue;
    const double price = *node_price * share_of(requests, free);
    if (!cheapest || price < *cheapest) cheapest = price;
  }
  if (!cheapest)
    return failure(ErrorCode::kNotFound, "the pod fits no node group with a known price");
  return *cheapest;
}

}  // namespace casim::provider

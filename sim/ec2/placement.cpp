#include "sim/ec2/placement.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using ec2::ErrorCode;

std::unexpected<ec2::AttemptError> over_quota(const InstancePool& pool, ec2::Lifecycle lifecycle) {
  if (lifecycle == ec2::Lifecycle::kSpot) {
    return ec2::refuse(ErrorCode::kMaxSpotInstanceCountExceeded,
                       "Max spot instance count exceeded");
  }
  return ec2::refuse(
      ErrorCode::kVcpuLimitExceeded,
      fmt::format("You have requested more vCPU capacity than your current vCPU limit "
                  "of {} allows for the instance bucket that the specified instance "
                  "type belongs to.",
                  pool.quota->limit));
}

bool has_capacity(Ec2State& state, InstancePool& pool, const Placement& placement,
                  const Ec2Conditions* conditions) {
  if (conditions == nullptr) return true;
  const CapacityQuestion question{.type = placement.type,
                                  .zone = placement.zone,
                                  .lifecycle = placement.lifecycle,
                                  .n = pool.capacity_questions++,
                                  .at = state.kernel.now()};
  const bool is_left = conditions->has_capacity(question);
  return state.supply.has(pool, question) && is_left;
}

}  // namespace

std::string zone_or_default(const Ec2Config& config, const std::string& zone) {
  if (!zone.empty()) return zone;
  return config.zones.empty() ? config.default_zone : config.zones.front();
}

ec2::Attempt<void> check_placement(const Ec2Config& config, const Placement& placement) {
  const auto type = config.catalogue->find(placement.type);
  if (type == config.catalogue->end()) {
    return ec2::refuse(ErrorCode::kInvalidParameterValue,
                       fmt::format("Invalid value '{}' for InstanceType.", placement.type));
  }
  if (!config.zones.empty() &&
      std::ranges::find(config.zones, placement.zone) == config.zones.end()) {
    return ec2::refuse(ErrorCode::kInvalidParameterValue,
                       fmt::format("Invalid availability zone: [{}]", placement.zone));
  }
  if (placement.lifecycle == ec2::Lifecycle::kSpot && !type->second.has_spot) {
    return ec2::refuse(ErrorCode::kUnsupported,  // A
                       fmt::format("Your requested instance type ({}) is not supported for Spot.",
                                   placement.type));
  }
  if (!ec2::is_offered(type->second, placement.zone)) {
    return ec2::refuse(
        ErrorCode::kUnsupported,
        fmt::format("Your requested instance type ({}) is not supported in your requested "
                    "Availability Zone ({}).",
                    placement.type, placement.zone));
  }
  return {};
}

ec2::Attempt<int> fitting(Ec2State& state, const Placement& placement, const Wanted& wanted,
                          const Ec2Conditions* conditions) {
  InstancePool& pool = state.pools.of(placement.type, placement.zone, placement.lifecycle);
  const int in_quota = InstancePools::room_in_quota(pool);
  if (in_quota < wanted.least) return over_quota(pool, placement.lifecycle);
  const int in_pool =
      has_capacity(state, pool, placement, conditions) ? InstancePools::room_in_pool(pool) : 0;
  if (in_pool < wanted.least) {
    return ec2::refuse(ErrorCode::kInsufficientInstanceCapacity,
                       fmt::format("We currently do not have sufficient {} capacity in the "
                                   "Availability Zone you requested ({}).",
                                   placement.type, placement.zone));
  }
  return std::min({wanted.most, in_quota, in_pool});
}

}  // namespace casim::sim

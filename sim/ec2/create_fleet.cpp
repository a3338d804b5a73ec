#include "sim/ec2/create_fleet.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2/client_tokens.h"
#include "sim/ec2/placement.h"
#include "sim/ec2/tag_rules.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::ErrorCode;
using ec2::FleetOverride;
using Refused = std::unexpected<ec2::AttemptError>;

ec2::Attempt<void> check_target(const ec2::FleetTarget& target) {
  const int on_demand = target.on_demand_target_capacity.value_or(0);
  const int spot = target.spot_target_capacity.value_or(0);
  if (target.total_target_capacity >= 1 && on_demand >= 0 && spot >= 0 &&
      on_demand <= target.total_target_capacity - spot) {
    return {};
  }
  return ec2::refuse(
      ErrorCode::kInvalidParameterValue,
      fmt::format("TotalTargetCapacity ({}) must be at least 1, and no less than "
                  "OnDemandTargetCapacity ({}) and SpotTargetCapacity ({}) together.",
                  target.total_target_capacity, on_demand, spot));
}

// How many of a lifecycle.
int wanted_of(const ec2::FleetTarget& target, ec2::Lifecycle lifecycle) {
  const int on_demand = target.on_demand_target_capacity.value_or(0);
  const int spot = target.spot_target_capacity.value_or(0);
  const int rest = target.default_target_capacity_type == lifecycle
                       ? target.total_target_capacity - on_demand - spot
                       : 0;
  return rest + (lifecycle == ec2::Lifecycle::kSpot ? spot : on_demand);
}

double rank_of(const Ec2Config& config, const FleetOverride& pool, ec2::FleetAllocation by) {
  constexpr double kLast = std::numeric_limits<double>::infinity();
  if (by == ec2::FleetAllocation::kPrioritized) return pool.priority.value_or(kLast);
  const auto type = config.catalogue->find(pool.instance_type);
  if (type == config.catalogue->end() || !type->second.price) return kLast;
  return static_cast<double>(type->second.price->micro_usd_per_hour);
}

ec2::Attempt<Placement> placement_of(const Ec2State& state, const FleetOverride& pool,
                                     ec2::Lifecycle lifecycle) {
  std::string zone = pool.zone;
  if (!pool.subnet_id.empty()) {
    const std::string* of_subnet = state.network.zone_of(pool.subnet_id);
    if (of_subnet == nullptr) {
      return ec2::refuse(ErrorCode::kInvalidSubnetIdNotFound,
                         fmt::format("The subnet ID '{}' does not exist", pool.subnet_id));
    }
    zone = *of_subnet;
  }
  Placement placement{pool.instance_type, zone_or_default(state.config, zone), lifecycle};
  if (ec2::Attempt<void> checked = check_placement(state.config, placement); !checked) {
    return Refused(std::move(checked.error()));
  }
  return placement;
}

// Machines of one pool, set aside.
ec2::Attempt<LaunchReservationPtr> take(Ec2State& state, const ec2::CreateFleetRequest& request,
                                        const FleetOverride& pool, ec2::Lifecycle lifecycle,
                                        int wanted) {
  ec2::Attempt<Placement> placement = placement_of(state, pool, lifecycle);
  if (!placement) return Refused(std::move(placement.error()));
  ec2::Attempt<int> count = fitting(state, *placement, {.most = wanted}, &state.conditions);
  if (!count) return Refused(std::move(count.error()));
  ec2::RunInstancesRequest launch;
  launch.instance_type = placement->type;
  launch.zone = placement->zone;
  launch.lifecycle = lifecycle;
  launch.image_id = request.image_id;
  launch.tags = request.tags;
  InstancePool& machines = state.pools.of(placement->type, placement->zone, lifecycle);
  return state.fleet.reserve(machines, *count, launch);
}

ec2::FleetError error_of(const ec2::AttemptError& error, const FleetOverride& pool,
                         ec2::Lifecycle lifecycle) {
  return {error.code, error.message, lifecycle, pool};
}

// What kept a pool that gave some from giving the rest: its quota, or its room.
ec2::Attempt<int> rest_of(Ec2State& state, const FleetOverride& pool, ec2::Lifecycle lifecycle,
                          int wanted) {
  const ec2::Attempt<Placement> placement = placement_of(state, pool, lifecycle);
  if (!placement) return Refused(placement.error());
  return fitting(state, *placement, {.most = wanted}, nullptr);
}

void ask_pools(Ec2State& state, const ec2::CreateFleetRequest& request, ec2::Lifecycle lifecycle,
               FleetLaunch& launch) {
  const ec2::FleetAllocation by =
      lifecycle == ec2::Lifecycle::kSpot ? request.spot_allocation : request.on_demand_allocation;
  std::vector<FleetOverride> pools = request.overrides;
  std::ranges::stable_sort(
      pools, {}, [&](const FleetOverride& pool) { return rank_of(state.config, pool, by); });
  int wanted = wanted_of(request.target, lifecycle);
  for (const FleetOverride& pool : pools) {
    if (wanted == 0) return;
    const auto taken = take(state, request, pool, lifecycle, wanted);
    if (!taken) {
      launch.reply.errors.push_back(error_of(taken.error(), pool, lifecycle));
      continue;
    }
    ec2::FleetInstances given{{}, pool.instance_type, lifecycle, pool};
    for (const std::uint64_t number : (*taken)->instances) {
      given.instance_ids.push_back(state.fleet.id_of(number));
    }
    wanted -= static_cast<int>(given.instance_ids.size());
    launch.reply.instances.push_back(std::move(given));
    launch.reservations.push_back(*taken);
    if (wanted == 0) return;
    const ec2::Attempt<int> rest = rest_of(state, pool, lifecycle, wanted);
    if (!rest) launch.reply.errors.push_back(error_of(rest.error(), pool, lifecycle));
  }
}

std::uint64_t parameters_of(const ec2::CreateFleetRequest& request) {
  std::uint64_t hash = hash_bytes(request.image_id);
  const auto add = [&hash](std::uint64_t part) { hash = hash_combine(hash, part); };
  for (const FleetOverride& pool : request.overrides) {
    for (const std::string& text : {pool.instance_type, pool.zone, pool.subnet_id}) {
      add(hash_bytes(text));
    }
    add(hash_bytes(pool.priority ? fmt::format("{}", *pool.priority) : ""));
  }
  const ec2::FleetTarget& target = request.target;
  for (const int count :
       {target.total_target_capacity, target.on_demand_target_capacity.value_or(-1),
        target.spot_target_capacity.value_or(-1)}) {
    add(static_cast<std::uint64_t>(count));
  }
  add(static_cast<std::uint64_t>(target.default_target_capacity_type));
  add(static_cast<std::uint64_t>(request.on_demand_allocation));
  add(static_cast<std::uint64_t>(request.spot_allocation));
  add(hash_of(request.tags));
  const ec2::LaunchTemplate& launch = request.launch_template;
  for (const std::string& text : {launch.id, launch.name, launch.version}) add(hash_bytes(text));
  add(request.other_parameters);
  return hash;
}

std::string fleet_id(std::uint64_t bits) {
  return fmt::format("fleet-{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", bits >> 32, bits >> 16 & 0xFFFF,
                     bits >> 4 & 0xFFF, bits & 0xFFF, hash_combine(bits, 1) >> 16);
}

ec2::Attempt<FleetLaunch> replay_of(const FleetLaunch& known, std::uint64_t parameters) {
  if (known.parameters == parameters) return known;
  return ec2::refuse(
      ErrorCode::kIdempotentParameterMismatch,
      "The request uses the same client token as a previous, but non-identical request.");
}

}  // namespace

ec2::Attempt<void> check_create_fleet(Ec2State& /*state*/, const ec2::CreateFleetRequest& request) {
  if (request.type != ec2::FleetType::kInstant) {
    return ec2::refuse(
        ErrorCode::kInvalidParameterValue,
        "Fleets of type request and maintain are not modelled; type must be instant.");
  }
  const bool is_whole = std::ranges::none_of(
      request.overrides, [](const FleetOverride& pool) { return pool.instance_type.empty(); });
  if (request.overrides.empty() || !is_whole) {
    return ec2::refuse(ErrorCode::kMissingParameter,
                       "LaunchTemplateConfigs must contain Overrides, each with its InstanceType.");
  }
  if (auto token = check_client_token(request.client_token); !token) return token;
  if (auto tags = check_tags(request.tags); !tags) return tags;
  return check_target(request.target);
}

CallPlan<ec2::CreateFleetReply> plan_create_fleet(Ec2State& state, ec2::CreateFleetRequest request,
                                                  const Slowness& slowness) {
  const Duration latency =
      state.times.next(state.config.latency.create_fleet, "ec2.create_fleet", 0, slowness);
  if (ec2::Attempt<void> checked = check_create_fleet(state, request); !checked) {
    return {latency, [error = std::move(checked.error())]() -> ec2::Attempt<ec2::CreateFleetReply> {
              return Refused(error);
            }};
  }
  const TimePoint now = state.kernel.now();
  const std::uint64_t parameters = parameters_of(request);
  const std::string& token = request.client_token;
  if (const FleetLaunch* known = token.empty() ? nullptr : state.fleets.find(token, now)) {
    ec2::Attempt<FleetLaunch> again = replay_of(*known, parameters);
    return {std::max(latency, known->answered - now),
            [again = std::move(again)]() -> ec2::Attempt<ec2::CreateFleetReply> {
              if (!again) return Refused(again.error());
              return again->reply;
            }};
  }
  FleetLaunch launch;
  launch.parameters = parameters;
  launch.answered = now + latency;
  launch.reply.fleet_id =
      fleet_id(state.random.bits("ec2.fleet_id", 0, state.fleets.take_number()));
  ask_pools(state, request, ec2::Lifecycle::kOnDemand, launch);
  ask_pools(state, request, ec2::Lifecycle::kSpot, launch);
  for (const LaunchReservationPtr& reservation : launch.reservations) {
    reservation->accepted = launch.answered;
  }
  if (!token.empty()) state.fleets.remember(token, launch);
  return {latency, [&state, launch = std::move(launch)]() -> ec2::Attempt<ec2::CreateFleetReply> {
            for (const LaunchReservationPtr& reservation : launch.reservations) {
              state.fleet.accept(*reservation);
            }
            return launch.reply;
          }};
}

}  // namespace casim::sim

#include "sim/ec2/run_instances.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sim/ec2/client_tokens.h"
#include "sim/ec2/placement.h"
#include "sim/ec2/tag_rules.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::ErrorCode;
using Refused = std::unexpected<ec2::AttemptError>;

// What a request that passed all checks gets.
struct Launch {
  LaunchReservationPtr reservation;
  bool is_new = false;
  TimePoint not_before{};  // a replay is not answered before the call that it repeats
  Duration latency{};
};

// How a request is decided.
struct Circumstances {
  const Ec2Conditions* conditions;  // nullptr: not asked
  Slowness slowness;
};

Placement placement_of(const ec2::RunInstancesRequest& request) {
  return {request.instance_type, request.zone, request.lifecycle};
}

// The zone that the request fixes, by name or subnet; empty: none.
ec2::Attempt<std::string> zone_fixed_by(const Ec2State& state,
                                        const ec2::RunInstancesRequest& request) {
  if (request.subnet_id.empty()) return request.zone;
  const std::string* zone = state.network.zone_of(request.subnet_id);
  if (zone == nullptr) {
    return ec2::refuse(ErrorCode::kInvalidSubnetIdNotFound,
                       fmt::format("The subnet ID '{}' does not exist", request.subnet_id));
  }
  if (!request.zone.empty() && request.zone != *zone) {
    return ec2::refuse(
        ErrorCode::kInvalidParameterValue,
        fmt::format("Value ({}) for parameter availabilityZone is invalid. Subnet '{}' "
                    "is in the availability zone {}",
                    request.zone, request.subnet_id, *zone));
  }
  return *zone;
}

ec2::Attempt<void> check_form(const ec2::RunInstancesRequest& request) {
  if (request.min_count < 1 || request.max_count < request.min_count) {
    return ec2::refuse(ErrorCode::kInvalidParameterValue,
                       fmt::format("Invalid value '{}' for minCount: from 1 to maxCount ({}).",
                                   request.min_count, request.max_count));
  }
  if (auto token = check_client_token(request.client_token); !token) return token;
  return check_tags(request.tags);
}

ec2::Attempt<Launch> replay(const Ec2State& state, const LaunchReservationPtr& reservation,
                            std::uint64_t parameters, const Slowness& slowness) {
  if (reservation->parameters != parameters) {
    return ec2::refuse(ErrorCode::kIdempotentParameterMismatch,
                       "The request uses the same client token as a previous, but non-identical "
                       "request.");
  }
  if (reservation->live == 0) {
    return ec2::refuse(
        ErrorCode::kIdempotentInstanceTerminated,
        "The request uses the same client token as a previous request whose instance "
        "has been terminated.");
  }
  const Ec2Latencies& latency = state.config.latency;
  Launch launch;
  launch.reservation = reservation;
  launch.not_before = reservation->accepted;
  const auto count = static_cast<int>(reservation->instances.size());
  launch.latency =
      state.times.nth(latency.run_instances_ok, "ec2.run_instances.replay",
                      hash_bytes(reservation->key.token), reservation->replays++, slowness) +
      state.times.slowed(latency.run_per_instance * count, slowness.factor);
  return launch;
}

// Completes the request: a zone where it names none.
ec2::Attempt<Launch> decide(Ec2State& state, ec2::RunInstancesRequest& request,
                            const Circumstances& circumstances) {
  if (ec2::Attempt<void> checked = check_run_instances(state, request); !checked) {
    return Refused(std::move(checked.error()));
  }
  const ClientTokenKey token{request.client_token, zone_fixed_by(state, request).value()};
  request.zone = zone_or_default(state.config, token.zone);
  const Slowness& slowness = circumstances.slowness;
  const std::uint64_t parameters = parameters_of(request);
  if (!token.token.empty()) {
    if (const LaunchReservationPtr known = state.reservations.find(token, state.kernel.now())) {
      return replay(state, known, parameters, slowness);
    }
  }
  InstancePool& pool = state.pools.of(request.instance_type, request.zone, request.lifecycle);
  ec2::Attempt<int> count =
      fitting(state, placement_of(request), {.least = request.min_count, .most = request.max_count},
              circumstances.conditions);
  if (!count) return Refused(std::move(count.error()));
  const Ec2Latencies& latency = state.config.latency;
  Launch launch;
  launch.is_new = true;
  launch.latency = state.times.nth(latency.run_instances_ok, "ec2.run_instances.ok", pool.key,
                                   pool.launches, slowness) +
                   state.times.slowed(latency.run_per_instance * *count, slowness.factor);
  launch.reservation = state.fleet.reserve(pool, *count, request);
  launch.reservation->key = token;
  launch.reservation->parameters = parameters;
  if (!token.token.empty()) state.reservations.remember(launch.reservation);
  return launch;
}

std::vector<ec2::Instance> shapes_of(Fleet& fleet, const LaunchReservation& reservation) {
  std::vector<ec2::Instance> shapes;
  shapes.reserve(reservation.instances.size());
  for (const std::uint64_t number : reservation.instances) {
    // One of several may be forgotten already.
    if (const FleetInstance* instance = fleet.find(number)) shapes.push_back(instance->shape());
  }
  return shapes;
}

}  // namespace

Charge charge_of(const ec2::RunInstancesRequest& request) {
  return {.instances = static_cast<double>(std::max(0, request.max_count))};
}

ec2::Attempt<void> check_run_instances(const Ec2State& state,
                                       const ec2::RunInstancesRequest& request) {
  if (ec2::Attempt<void> form = check_form(request); !form) return form;
  ec2::Attempt<std::string> zone = zone_fixed_by(state, request);
  if (!zone) return Refused(std::move(zone.error()));
  Placement placement = placement_of(request);
  placement.zone = zone_or_default(state.config, *zone);
  return check_placement(state.config, placement);
}

CallPlan<ec2::RunInstancesReply> plan_run_instances(Ec2State& state,
                                                    ec2::RunInstancesRequest request,
                                                    const Slowness& slowness) {
  const std::uint64_t key = hash_bytes(request.instance_type + "|" + request.zone);
  ec2::Attempt<Launch> launch = decide(state, request, {&state.conditions, slowness});
  if (!launch) {
    return {state.times.next(state.config.latency.run_instances_err, "ec2.run_instances.err", key,
                             slowness),
            [error = std::move(launch.error())]() mutable -> ec2::Attempt<ec2::RunInstancesReply> {
              return Refused(std::move(error));
            }};
  }
  const TimePoint now = state.kernel.now();
  const TimePoint when = std::max(now + launch->latency, launch->not_before);
  if (launch->is_new) launch->reservation->accepted = when;
  return {when - now,
          [&state, launch = *std::move(launch)]() -> ec2::Attempt<ec2::RunInstancesReply> {
            if (launch.is_new) state.fleet.accept(*launch.reservation);
            return ec2::RunInstancesReply{shapes_of(state.fleet, *launch.reservation)};
          }};
}

ec2::Attempt<std::vector<ec2::Instance>> add_running(Ec2State& state,
                                                     ec2::RunInstancesRequest request) {
  ec2::Attempt<Launch> launch = decide(state, request, {nullptr, {}});
  if (!launch) return Refused(std::move(launch.error()));
  if (launch->is_new) {
    launch->reservation->accepted = state.kernel.now();
    state.fleet.accept_running(*launch->reservation);
  }
  std::vector<ec2::Instance> shapes = shapes_of(state.fleet, *launch->reservation);
  for (const ec2::Instance& instance : shapes) state.spot_market.on_running(instance);
  return shapes;
}

}  // namespace casim::sim

#include "sim/ec2/run_instances.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

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

Refused refuse(ErrorCode code, std::string message) {
  return Refused(ec2::error_reply(code, std::move(message)));
}

// Completes the request: a zone where it names none.
ec2::Attempt<void> check(const Ec2Config& config, ec2::RunInstancesRequest& request) {
  if (request.min_count < 1 || request.max_count < request.min_count) {
    return refuse(ErrorCode::kInvalidParameterValue,
                  fmt::format("Invalid value '{}' for minCount: from 1 to maxCount ({}).",
                              request.min_count, request.max_count));
  }
  const auto type = config.catalogue->find(request.instance_type);
  if (type == config.catalogue->end()) {
    return refuse(ErrorCode::kInvalidParameterValue,
                  fmt::format("Invalid value '{}' for InstanceType.", request.instance_type));
  }
  if (request.zone.empty()) {
    request.zone = config.zones.empty() ? config.default_zone : config.zones.front();
  } else if (!config.zones.empty() &&
             std::ranges::find(config.zones, request.zone) == config.zones.end()) {
    return refuse(ErrorCode::kInvalidParameterValue,
                  fmt::format("Invalid availability zone: [{}]", request.zone));
  }
  if (request.lifecycle == ec2::Lifecycle::kSpot && !type->second.has_spot) {
    return refuse(ErrorCode::kUnsupported,  // A
                  fmt::format("Your requested instance type ({}) is not supported for Spot.",
                              request.instance_type));
  }
  if (!ec2::is_offered(type->second, request.zone)) {
    return refuse(
        ErrorCode::kUnsupported,
        fmt::format("Your requested instance type ({}) is not supported in your requested "
                    "Availability Zone ({}).",
                    request.instance_type, request.zone));
  }
  return {};
}

bool has_capacity(Ec2State& state, InstancePool& pool, const ec2::RunInstancesRequest& request,
                  const Ec2Conditions* conditions) {
  if (conditions == nullptr) return true;
  const CapacityQuestion question{.type = request.instance_type,
                                  .zone = request.zone,
                                  .lifecycle = request.lifecycle,
                                  .n = pool.capacity_questions++,
                                  .at = state.kernel.now()};
  const bool is_left = conditions->has_capacity(question);
  return state.supply.has(pool, question) && is_left;
}

// As many as fit, up to MaxCount, if at least MinCount do (1.4).
ec2::Attempt<int> fit(Ec2State& state, InstancePool& pool, const ec2::RunInstancesRequest& request,
                      const Ec2Conditions* conditions) {
  const int in_quota = InstancePools::room_in_quota(pool);
  if (in_quota < request.min_count) {
    return refuse(ErrorCode::kVcpuLimitExceeded,
                  fmt::format("You have requested more vCPU capacity than your current vCPU limit "
                              "of {} allows for the instance bucket that the specified instance "
                              "type belongs to.",
                              pool.quota->limit));
  }
  const int in_pool =
      has_capacity(state, pool, request, conditions) ? InstancePools::room_in_pool(pool) : 0;
  if (in_pool < request.min_count) {
    return refuse(ErrorCode::kInsufficientInstanceCapacity,
                  fmt::format("We currently do not have sufficient {} capacity in the "
                              "Availability Zone you requested ({}).",
                              request.instance_type, request.zone));
  }
  return std::min({request.max_count, in_quota, in_pool});
}

ec2::Attempt<Launch> replay(const Ec2State& state, const LaunchReservationPtr& reservation,
                            std::uint64_t parameters, const Slowness& slowness) {
  if (reservation->parameters != parameters) {
    return refuse(ErrorCode::kIdempotentParameterMismatch,
                  "The request uses the same client token as a previous, but non-identical "
                  "request.");
  }
  if (reservation->live == 0) {
    return refuse(ErrorCode::kIdempotentInstanceTerminated,
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

ec2::Attempt<Launch> decide(Ec2State& state, ec2::RunInstancesRequest& request,
                            const Circumstances& circumstances) {
  const ClientTokenKey token{request.client_token, request.zone};
  if (ec2::Attempt<void> checked = check(state.config, request); !checked) {
    return Refused(std::move(checked.error()));
  }
  const Slowness& slowness = circumstances.slowness;
  const std::uint64_t parameters = parameters_of(request);
  if (!token.token.empty()) {
    if (const LaunchReservationPtr known = state.reservations.find(token, state.kernel.now())) {
      return replay(state, known, parameters, slowness);
    }
  }
  InstancePool& pool = state.pools.of(request.instance_type, request.zone, request.lifecycle);
  ec2::Attempt<int> count = fit(state, pool, request, circumstances.conditions);
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
    if (const FleetInstance* instance = fleet.find(number)) shapes.push_back(instance->shape);
  }
  return shapes;
}

}  // namespace

Charge charge_of(const ec2::RunInstancesRequest& request) {
  return {.instances = static_cast<double>(std::max(0, request.max_count))};
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
  return shapes_of(state.fleet, *launch->reservation);
}

}  // namespace casim::sim

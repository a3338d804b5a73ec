#include "sim/ec2/fleet.h"

#include <cassert>

#include <fmt/format.h>

namespace casim::sim {

namespace {

// Why a launch fails after the call succeeded; shares as in 5.5 (A).
std::string launch_failure_reason(double u) {
  if (u < 0.6) return "Server.InternalError";
  if (u < 0.9) return "Client.InternalError";
  return "Client.VolumeLimitExceeded";
}

}  // namespace

Fleet::Fleet(Kernel& kernel, const Random& random, FactSink& facts, const Ec2Config& config,
             const Ec2Conditions& conditions, LaunchReservations& reservations)
    : kernel_(kernel),
      random_(random),
      facts_(facts),
      config_(config),
      conditions_(conditions),
      reservations_(reservations) {}

void Fleet::subscribe(InstanceListener& listener) { listeners_.push_back(&listener); }

LaunchReservationPtr Fleet::reserve(InstancePool& pool, int count,
                                    const ec2::RunInstancesRequest& request) {
  auto reservation = std::make_shared<LaunchReservation>();
  std::uint64_t launch = pool.launches;
  InstancePools::reserve(pool, count);
  for (int i = 0; i < count; ++i, ++launch) {
    FleetInstance instance;
    instance.pool = &pool;
    instance.launch = launch;
    instance.reservation = reservation;
    instance.shape.id =
        fmt::format("i-0{:016x}", random_.bits("ec2.instance_id", pool.key, launch));
    instance.shape.type = request.instance_type;
    instance.shape.zone = request.zone;
    instance.shape.lifecycle = request.lifecycle;
    instance.shape.client_token = request.client_token;
    instance.shape.ami_launch_index = i;
    instance.shape.tags = request.tags;
    const std::uint64_t number = next_number_++;
    const bool is_new = numbers_.emplace(instance.shape.id, number).second;
    assert(is_new);
    static_cast<void>(is_new);
    reservation->instances.push_back(number);
    instances_.emplace_hint(instances_.end(), number, std::move(instance));
  }
  reservation->live = reservation->instances.size();
  return reservation;
}

void Fleet::accept(const LaunchReservation& reservation) {
  for (const std::uint64_t number : reservation.instances) {
    FleetInstance& instance = show(number);
    const Duration pending =
        config_.pending_to_running.duration(draw("ec2.pending_to_running", instance));
    instance.next = kernel_.after(pending, Phase::kWorld, [this, number] { start(number); });
  }
}

void Fleet::accept_running(const LaunchReservation& reservation) {
  for (const std::uint64_t number : reservation.instances) {
    FleetInstance& instance = show(number);
    instance.shape.state = ec2::InstanceState::kRunning;
    facts_.on_fact(kernel_.now(), InstanceRunning{instance.shape.id});
  }
}

FleetInstance& Fleet::show(std::uint64_t number) {
  const TimePoint now = kernel_.now();
  FleetInstance& instance = instances_.at(number);
  assert(!instance.accepted);
  instance.accepted = true;
  instance.shape.launch_time = cut_to_second(kernel_.wall(now));
  facts_.on_fact(now, InstanceLaunched{instance.shape.id, instance.shape.client_token,
                                       instance.shape.type, instance.shape.zone});
  return instance;
}

void Fleet::start(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  assert(instance.shape.state == ec2::InstanceState::kPending);
  const TimePoint from = conditions_.runs_from(question_of(instance));
  if (from > kernel_.now()) {
    instance.next = kernel_.at(from, Phase::kWorld, [this, number] { start(number); });
    return;
  }
  if (std::string failure = failure_of(instance); !failure.empty()) {
    return finish(number, std::move(failure));
  }
  instance.shape.state = ec2::InstanceState::kRunning;
  facts_.on_fact(kernel_.now(), InstanceRunning{instance.shape.id});
  for (InstanceListener* listener : listeners_) listener->on_running(instance.shape);
}

LaunchQuestion Fleet::question_of(const FleetInstance& instance) const {
  return {.pool = instance.pool->key,
          .n = instance.launch,
          .instance = instance.shape,
          .at = kernel_.now()};
}

std::string Fleet::failure_of(const FleetInstance& instance) const {
  const std::string_view brought_about = conditions_.launch_failure(question_of(instance));
  if (!brought_about.empty()) return std::string(brought_about);
  if (draw("ec2.launch_failure", instance) >= config_.launch_failure) return {};
  return launch_failure_reason(draw("ec2.launch_failure_reason", instance));
}

ec2::StateChange Fleet::terminate(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  ec2::StateChange change{instance.shape.id, instance.shape.state, instance.shape.state};
  if (instance.shape.state == ec2::InstanceState::kShuttingDown ||
      instance.shape.state == ec2::InstanceState::kTerminated) {
    return change;
  }
  kernel_.cancel(instance.next);
  instance.shape.state = ec2::InstanceState::kShuttingDown;
  instance.shape.state_reason_code = "Client.UserInitiatedShutdown";
  change.current = instance.shape.state;
  const Duration going = config_.terminating.duration(draw("ec2.terminating", instance));
  instance.next = kernel_.after(going, Phase::kWorld,
                                [this, number] { finish(number, "Client.UserInitiatedShutdown"); });
  for (InstanceListener* listener : listeners_) listener->on_terminating(instance.shape);
  return change;
}

void Fleet::vanish(std::uint64_t number, std::string reason) {
  FleetInstance& instance = instances_.at(number);
  if (instance.shape.state == ec2::InstanceState::kTerminated) return;
  kernel_.cancel(instance.next);
  finish(number, std::move(reason));
}

void Fleet::finish(std::uint64_t number, std::string reason) {
  const TimePoint now = kernel_.now();
  FleetInstance& instance = instances_.at(number);
  instance.shape.state = ec2::InstanceState::kTerminated;
  instance.shape.state_reason_code = std::move(reason);
  InstancePools::release(*instance.pool);
  LaunchReservation& reservation = *instance.reservation;
  reservation.live -= 1;
  if (reservation.live == 0) reservations_.on_all_terminated(reservation, now);
  forgetting_.emplace_back(now + config_.terminated_visible, number);
  facts_.on_fact(now, InstanceTerminated{instance.shape.id, instance.shape.state_reason_code});
  for (InstanceListener* listener : listeners_) listener->on_terminated(instance.shape);
}

const FleetInstance* Fleet::find(std::uint64_t number) {
  forget_old();
  const auto found = instances_.find(number);
  if (found == instances_.end() || !found->second.accepted) return nullptr;
  return &found->second;
}

const std::uint64_t* Fleet::number_of(const std::string& instance_id) {
  forget_old();
  const auto found = numbers_.find(instance_id);
  if (found == numbers_.end() || !instances_.at(found->second).accepted) return nullptr;
  return &found->second;
}

const Fleet::Instances& Fleet::all() {
  forget_old();
  return instances_;
}

void Fleet::forget_old() {
  while (!forgetting_.empty() && forgetting_.front().first <= kernel_.now()) {
    const auto found = instances_.find(forgetting_.front().second);
    numbers_.erase(found->second.shape.id);
    instances_.erase(found);
    forgetting_.pop_front();
  }
}

double Fleet::draw(std::string_view purpose, const FleetInstance& instance) const {
  return random_.uniform(purpose, instance.pool->key, instance.launch);
}

}  // namespace casim::sim

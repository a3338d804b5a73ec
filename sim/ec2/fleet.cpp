#include "sim/ec2/fleet.h"

#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "src/ec2/state_reason.h"

namespace casim::sim {

namespace {

// Why a launch fails after the call succeeded; shares as in 5.5 (A).
std::string launch_failure_reason(double u) {
  if (u < 0.6) return "Server.InternalError";
  if (u < 0.9) return "Client.InternalError";
  return "Client.VolumeLimitExceeded";
}

constexpr const char* kByUser = "Client.UserInitiatedShutdown";
constexpr const char* kBySpot = "Server.SpotInstanceTermination";

// A Spot instance that EC2 takes back sooner costs nothing (billing.h).
constexpr Duration kFreeIfInterrupted = std::chrono::hours(1);

void set_reason(ec2::Instance& shape, std::string code) {
  shape.state_reason_message = ec2::state_reason_message(code);
  shape.state_reason_code = std::move(code);
}

bool is_alive(const FleetInstance& instance) {
  return instance.shape().state == ec2::InstanceState::kPending ||
         instance.shape().state == ec2::InstanceState::kRunning;
}

}  // namespace

Fleet::Fleet(Kernel& kernel, const Random& random, FactSink& facts, const Ec2Config& config,
             const Ec2Conditions& conditions, Network& network, LaunchReservations& reservations)
    : kernel_(kernel),
      random_(random),
      facts_(facts),
      config_(config),
      conditions_(conditions),
      network_(network),
      reservations_(reservations) {}

void Fleet::subscribe(InstanceListener& listener) { listeners_.push_back(&listener); }

LaunchReservationPtr Fleet::reserve(InstancePool& pool, int count,
                                    const ec2::RunInstancesRequest& request) {
  auto reservation = std::make_shared<LaunchReservation>();
  const std::string reservation_id =
      fmt::format("r-0{:016x}", random_.bits("ec2.reservation_id", pool.key, pool.launches));
  for (int i = 0; i < count; ++i) {
    FleetInstance instance;
    instance.pool = &pool;
    instance.launch = pool.launches + static_cast<std::uint64_t>(i);
    instance.reservation = reservation;
    instance.is_protected = request.disable_api_termination;
    const std::uint64_t number = next_number_++;
    instance.change() = shape_of(request, instance, number);
    instance.change().ami_launch_index = i;
    instance.change().reservation_id = reservation_id;
    const bool is_new = numbers_.emplace(instance.shape().id, number).second;
    assert(is_new);
    static_cast<void>(is_new);
    reservation->instances.push_back(number);
    instances_.emplace_hint(instances_.end(), number, std::move(instance));
  }
  InstancePools::reserve(pool, count);
  reservation->live = reservation->instances.size();
  return reservation;
}

ec2::Instance Fleet::shape_of(const ec2::RunInstancesRequest& request,
                              const FleetInstance& instance, std::uint64_t number) {
  ec2::Instance shape;
  shape.id = fmt::format("i-0{:016x}",
                         random_.bits("ec2.instance_id", instance.pool->key, instance.launch));
  shape.type = request.instance_type;
  shape.zone = request.zone;
  shape.lifecycle = request.lifecycle;
  shape.client_token = request.client_token;
  shape.tags = request.tags;
  shape.image_id = request.image_id;
  shape.subnet_id = network_.subnet_in(request.zone);
  shape.vpc_id = network_.vpc_id();
  shape.private_ip_address = Network::address_of(number);
  return shape;
}

void Fleet::accept(const LaunchReservation& reservation) {
  for (const std::uint64_t number : reservation.instances) {
    FleetInstance& instance = show(number);
    if (config_.consistency && draw("ec2.hidden", instance) < config_.consistency->hidden) {
      instance.shown_from +=
          config_.consistency->hidden_for.duration(draw("ec2.hidden_for", instance));
    }
    const Duration pending =
        config_.pending_to_running.duration(draw("ec2.pending_to_running", instance));
    instance.next = kernel_.after(pending, Phase::kWorld, [this, number] { launch(number); });
  }
}

void Fleet::accept_running(const LaunchReservation& reservation) {
  for (const std::uint64_t number : reservation.instances) {
    FleetInstance& instance = show(number);
    run(instance);
    instance.history = {};  // it has run for long
  }
}

FleetInstance& Fleet::show(std::uint64_t number) {
  const TimePoint now = kernel_.now();
  FleetInstance& instance = instances_.at(number);
  assert(!instance.accepted);
  instance.accepted = true;
  instance.shown_from = now;
  instance.change().launch_time = cut_to_second(kernel_.wall(now));
  facts_.on_fact(now, InstanceLaunched{instance.shape().id, instance.shape().client_token,
                                       instance.shape().type, instance.shape().zone});
  return instance;
}

void Fleet::launch(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  assert(instance.shape().state == ec2::InstanceState::kPending);
  if (waits(instance, number, &Fleet::launch)) return;
  if (std::string failure = failure_of(instance); !failure.empty()) {
    return finish(number, std::move(failure));
  }
  run(instance);
  for (InstanceListener* listener : listeners_) listener->on_running(instance.shape());
}

void Fleet::run_again(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  assert(instance.shape().state == ec2::InstanceState::kPending);
  if (waits(instance, number, &Fleet::run_again)) return;
  run(instance);
  for (InstanceListener* listener : listeners_) listener->on_running(instance.shape());
}

bool Fleet::waits(FleetInstance& instance, std::uint64_t number,
                  void (Fleet::*then)(std::uint64_t)) {
  const TimePoint from = conditions_.runs_from(question_of(instance));
  if (from <= kernel_.now()) return false;
  instance.next = kernel_.at(from, Phase::kWorld, [this, number, then] { (this->*then)(number); });
  return true;
}

LaunchQuestion Fleet::question_of(const FleetInstance& instance) const {
  return {.pool = instance.pool->key,
          .n = instance.launch,
          .instance = instance.shape(),
          .at = kernel_.now()};
}

void Fleet::run(FleetInstance& instance) {
  leave(instance);
  instance.change().state = ec2::InstanceState::kRunning;
  instance.running_since = kernel_.now();
  facts_.on_fact(kernel_.now(), InstanceRunning{instance.shape().id});
}

void Fleet::leave(FleetInstance& instance) {
  const TimePoint now = kernel_.now();
  if (instance.running_since != kTimeNever) {
    bill_.add(instance.shape(), now - instance.running_since);
    instance.running_since = kTimeNever;
  }
  if (!config_.consistency) return;
  const double u = draw_nth("ec2.describe_lag", instance, instance.changes++);
  instance.history.leave(instance.shape(), now + config_.consistency->describe_lag.duration(u));
}

std::string Fleet::failure_of(const FleetInstance& instance) const {
  const std::string_view brought_about = conditions_.launch_failure(question_of(instance));
  if (!brought_about.empty()) return std::string(brought_about);
  const std::optional<BackgroundConfig>& background = config_.background;
  if (!background || draw("ec2.launch_failure", instance) >= background->launch_failures) return {};
  return launch_failure_reason(draw("ec2.launch_failure_reason", instance));
}

ec2::StateChange Fleet::terminate(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  ec2::StateChange change{instance.shape().id, instance.shape().state, instance.shape().state};
  if (instance.shape().state == ec2::InstanceState::kShuttingDown ||
      instance.shape().state == ec2::InstanceState::kTerminated) {
    return change;
  }
  shut_down(instance, number, kByUser);
  change.current = instance.shape().state;
  return change;
}

void Fleet::shut_down(FleetInstance& instance, std::uint64_t number, std::string reason) {
  kernel_.cancel(instance.next);
  if (reason == kBySpot && instance.running_since != kTimeNever &&
      kernel_.now() - instance.running_since < kFreeIfInterrupted) {
    instance.running_since = kTimeNever;  // not to be billed
  }
  leave(instance);
  instance.history.terminate();
  instance.change().state = ec2::InstanceState::kShuttingDown;
  set_reason(instance.change(), reason);
  facts_.on_fact(kernel_.now(),
                 InstanceShuttingDown{instance.shape().id, instance.shape().state_reason_code});
  const Duration going = config_.terminating.duration(draw("ec2.terminating", instance));
  instance.next = kernel_.after(
      going, Phase::kWorld,
      [this, number, reason = std::move(reason)]() mutable { finish(number, std::move(reason)); });
  for (InstanceListener* listener : listeners_) listener->on_terminating(instance.shape());
}

void Fleet::interrupt(std::uint64_t number, Duration after, Duration notice) {
  kernel_.after(after, Phase::kWorld, [this, number, notice] { give_notice(number, notice); });
}

void Fleet::give_notice(std::uint64_t number, Duration notice) {
  const auto found = instances_.find(number);
  if (found == instances_.end() || !is_alive(found->second)) return;
  FleetInstance& instance = found->second;
  if (std::exchange(instance.is_interrupted, true)) return;
  for (InstanceListener* listener : listeners_) {
    listener->on_interruption(instance.shape(), notice);
  }
  kernel_.after(notice, Phase::kWorld, [this, number] {
    const auto left = instances_.find(number);
    if (left == instances_.end() || !is_alive(left->second)) return;
    shut_down(left->second, number, kBySpot);
  });
}

ec2::StateChange Fleet::stop(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  assert(instance.shape().state == ec2::InstanceState::kRunning);
  leave(instance);
  instance.change().state = ec2::InstanceState::kStopping;
  set_reason(instance.change(), kByUser);
  const double u = draw_nth("ec2.stopping", instance, instance.starts);
  instance.next =
      kernel_.after(config_.stopping.duration(u), Phase::kWorld, [this, number] { rest(number); });
  for (InstanceListener* listener : listeners_) listener->on_terminating(instance.shape());
  return {instance.shape().id, ec2::InstanceState::kRunning, instance.shape().state};
}

void Fleet::rest(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  leave(instance);
  instance.change().state = ec2::InstanceState::kStopped;
  instance.has_place = false;
  InstancePools::release(*instance.pool, 1);
}

// assumed: what was accepted once does not fail later.
ec2::StateChange Fleet::start_again(std::uint64_t number) {
  FleetInstance& instance = instances_.at(number);
  assert(instance.shape().state == ec2::InstanceState::kStopped);
  leave(instance);
  instance.change().state = ec2::InstanceState::kPending;
  instance.change().state_reason_code.clear();
  instance.change().state_reason_message.clear();
  instance.change().launch_time = cut_to_second(kernel_.wall(kernel_.now()));
  instance.has_place = true;
  const double u = draw_nth("ec2.starting", instance, ++instance.starts);
  instance.next = kernel_.after(config_.pending_to_running.duration(u), Phase::kWorld,
                                [this, number] { run_again(number); });
  return {instance.shape().id, ec2::InstanceState::kStopped, instance.shape().state};
}

void Fleet::set_tags(std::uint64_t number, std::vector<ec2::Tag> tags) {
  instances_.at(number).change().tags = std::move(tags);
}

void Fleet::vanish(std::uint64_t number, std::string reason) {
  FleetInstance& instance = instances_.at(number);
  if (instance.shape().state == ec2::InstanceState::kTerminated) return;
  kernel_.cancel(instance.next);
  finish(number, std::move(reason));
}

void Fleet::finish(std::uint64_t number, std::string reason) {
  const TimePoint now = kernel_.now();
  FleetInstance& instance = instances_.at(number);
  leave(instance);
  instance.change().state = ec2::InstanceState::kTerminated;
  set_reason(instance.change(), std::move(reason));
  instance.change().subnet_id.clear();
  instance.change().vpc_id.clear();
  instance.change().private_ip_address.clear();
  if (instance.has_place) InstancePools::release(*instance.pool, 1);
  LaunchReservation& reservation = *instance.reservation;
  reservation.live -= 1;
  if (reservation.live == 0) reservations_.on_all_terminated(reservation, now);
  forgetting_.emplace_back(now + config_.terminated_visible, number);
  facts_.on_fact(now, InstanceTerminated{instance.shape().id, instance.shape().state_reason_code});
  for (InstanceListener* listener : listeners_) listener->on_terminated(instance.shape());
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
    numbers_.erase(found->second.shape().id);
    instances_.erase(found);
    forgetting_.pop_front();
  }
}

bool Fleet::is_shown(const FleetInstance& instance) const {
  return instance.accepted && instance.shown_from <= kernel_.now();
}

const ec2::Instance& Fleet::shown(const FleetInstance& instance,
                                  std::optional<ec2::Instance>& older) const {
  if (!instance.history.is_late(kernel_.now())) return instance.shape();
  older = instance.shape();
  instance.history.show(kernel_.now(), *older);
  return *older;
}

TimePoint Fleet::passes_checks_at(const FleetInstance& instance) const {
  assert(instance.running_since != kTimeNever);
  const double u = draw_nth("ec2.status_checks", instance, instance.starts);
  return instance.running_since + config_.status_checks.duration(u);
}

Bill Fleet::bill_so_far() const {
  Bill bill = bill_;
  for (const auto& [number, instance] : instances_) {
    if (instance.running_since == kTimeNever) continue;
    bill.add(instance.shape(), kernel_.now() - instance.running_since);
  }
  return bill;
}

double Fleet::draw(std::string_view purpose, const FleetInstance& instance) const {
  return random_.uniform(purpose, instance.pool->key, instance.launch);
}

double Fleet::draw_nth(std::string_view purpose, const FleetInstance& instance,
                       std::uint64_t n) const {
  return random_.uniform(purpose, hash_combine(instance.pool->key, instance.launch), n);
}

}  // namespace casim::sim

#include "sim/ec2/ec2_model.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <set>
#include <type_traits>

#include <fmt/format.h>

#include "sim/ec2/describe.h"
#include "sim/ec2/errors.h"

namespace casim::sim {

namespace {

constexpr Duration kLeastLatency = std::chrono::microseconds(1);
constexpr std::size_t kMostIds = 1000;

ec2::AttemptError no_such_zone(const std::string& zone) {
  return ec2_error("InvalidParameterValue", fmt::format("Invalid availability zone: [{}]", zone));
}

ec2::AttemptError no_such_type(const std::string& type) {
  return ec2_error("InvalidParameterValue",
                   fmt::format("Invalid value '{}' for InstanceType.", type));
}

ec2::AttemptError out_of_quota(int limit) {
  return ec2_error("VcpuLimitExceeded",
                   fmt::format("You have requested more vCPU capacity than your current vCPU "
                               "limit of {} allows for the instance bucket that the specified "
                               "instance type belongs to.",
                               limit));
}

ec2::AttemptError out_of_capacity(const ec2::RunInstancesRequest& request) {
  return ec2_error("InsufficientInstanceCapacity",
                   fmt::format("We currently do not have sufficient {} capacity in the "
                               "Availability Zone you requested ({}).",
                               request.instance_type, request.zone));
}

}  // namespace

template <class T>
struct Ec2Model::Call {
  std::string action;
  TimePoint started{};
  TimePoint answered{};  // DescribeInstances: known only when the instances are
  std::optional<ec2::Attempt<T>> answer;
};

struct Ec2Model::Launch {
  LaunchReservationPtr reservation;
  bool is_new = false;
  TimePoint not_before{};  // a replay is not answered before the call that it repeats
  Duration latency{};
};

Ec2Model::Ec2Model(Kernel& kernel, const Random& random, FactSink& facts, Ec2Config config,
                   const Ec2Conditions& conditions)
    : kernel_(kernel),
      random_(random),
      facts_(facts),
      config_(std::move(config)),
      conditions_(conditions),
      throttle_(config_.throttle),
      pools_(config_),
      reservations_(config_.idempotency_ttl),
      fleet_(kernel, random, facts, config_, reservations_) {}

// --- RunInstances

Awaitable<ec2::Attempt<std::vector<ec2::Instance>>> Ec2Model::run_instances(
    ec2::RunInstancesRequest request) {
  const std::shared_ptr<RunCall> call = begin_run(std::move(request));
  co_await kernel_.clock(Phase::kWorld).sleep_until(call->answered);
  assert(call->answer);
  co_return *std::move(call->answer);
}

std::shared_ptr<Ec2Model::RunCall> Ec2Model::begin_run(ec2::RunInstancesRequest request) {
  auto call = std::make_shared<RunCall>();
  call->action = "RunInstances";
  call->started = kernel_.now();
  const std::uint64_t key = hash_bytes(request.instance_type + "|" + request.zone);
  if (!throttle_.admit_run(request.max_count, call->started)) {
    reject_throttled(*call);
    answer_at<std::vector<ec2::Instance>>(call, call->answered, [](RunCall&) {});
    return call;
  }
  ec2::Attempt<Launch> launch = decide_run(request);
  if (!launch) {
    call->answer = std::unexpected(std::move(launch.error()));
    const Duration latency = draw(config_.latency.run_instances_err, "ec2.run_instances.err", key);
    answer_at<std::vector<ec2::Instance>>(call, call->started + latency, [](RunCall&) {});
    return call;
  }
  const TimePoint when = std::max(call->started + launch->latency, launch->not_before);
  if (launch->is_new) launch->reservation->accepted = when;
  answer_at<std::vector<ec2::Instance>>(call, when,
                                        [this, launch = *std::move(launch)](RunCall& answered) {
                                          if (launch.is_new) fleet_.accept(*launch.reservation);
                                          answered.answer = shapes_of(*launch.reservation);
                                        });
  return call;
}

// Completes the request: a zone where it names none.
ec2::Attempt<Ec2Model::Launch> Ec2Model::decide_run(ec2::RunInstancesRequest& request) {
  if (request.min_count < 1 || request.max_count < request.min_count) {
    return std::unexpected(
        ec2_error("InvalidParameterValue",
                  fmt::format("Invalid value '{}' for minCount: from 1 to maxCount ({}).",
                              request.min_count, request.max_count)));
  }
  if (!config_.catalogue.contains(request.instance_type)) {
    return std::unexpected(no_such_type(request.instance_type));
  }
  const ClientTokenKey token{request.client_token, request.zone};
  const std::vector<std::string>& zones = config_.zones;
  if (request.zone.empty()) {
    request.zone = zones.empty() ? config_.default_zone : zones.front();
  } else if (!zones.empty() && std::find(zones.begin(), zones.end(), request.zone) == zones.end()) {
    return std::unexpected(no_such_zone(request.zone));
  }
  const std::uint64_t parameters = parameters_of(request);
  if (!token.token.empty()) {
    if (const LaunchReservationPtr known = reservations_.find(token, kernel_.now())) {
      return replay(known, parameters);
    }
  }
  InstancePool& pool = pools_.of(request.instance_type, request.zone, request.lifecycle);
  const ec2::Attempt<int> count = fit(pool, request);
  if (!count) return std::unexpected(count.error());
  Launch launch;
  launch.is_new = true;
  launch.latency =
      draw(config_.latency.run_instances_ok, "ec2.run_instances.ok", pool.key, pool.launches) +
      slowed(config_.latency.run_per_instance * *count);
  launch.reservation = fleet_.reserve(pool, *count, request);
  launch.reservation->key = token;
  launch.reservation->parameters = parameters;
  if (!token.token.empty()) reservations_.remember(launch.reservation);
  return launch;
}

ec2::Attempt<Ec2Model::Launch> Ec2Model::replay(const LaunchReservationPtr& reservation,
                                                std::uint64_t parameters) {
  if (reservation->parameters != parameters) {
    return std::unexpected(
        ec2_error("IdempotentParameterMismatch",
                  "The request uses the same client token as a previous, but non-identical "
                  "request."));
  }
  if (reservation->live == 0) {
    return std::unexpected(
        ec2_error("IdempotentInstanceTerminated",
                  "The request uses the same client token as a previous request whose instance "
                  "has been terminated."));
  }
  Launch launch;
  launch.reservation = reservation;
  launch.not_before = reservation->accepted;
  const auto count = static_cast<int>(reservation->instances.size());
  launch.latency = draw(config_.latency.run_instances_ok, "ec2.run_instances.replay",
                        hash_bytes(reservation->key.token), reservation->replays++) +
                   slowed(config_.latency.run_per_instance * count);
  return launch;
}

// As many as fit, up to MaxCount, if at least MinCount do (1.4).
ec2::Attempt<int> Ec2Model::fit(const InstancePool& pool,
                                const ec2::RunInstancesRequest& request) const {
  const int in_quota = InstancePools::room_in_quota(pool);
  if (in_quota < request.min_count) return std::unexpected(out_of_quota(pool.quota->limit));
  const int in_pool = InstancePools::room_in_pool(pool);
  if (in_pool < request.min_count) return std::unexpected(out_of_capacity(request));
  return std::min({request.max_count, in_quota, in_pool});
}

std::vector<ec2::Instance> Ec2Model::shapes_of(const LaunchReservation& reservation) {
  std::vector<ec2::Instance> shapes;
  for (const std::uint64_t number : reservation.instances) {
    // One of several may be forgotten already.
    if (const FleetInstance* instance = fleet_.find(number)) shapes.push_back(instance->shape);
  }
  return shapes;
}

// --- DescribeInstances

Awaitable<ec2::Attempt<ec2::DescribeInstancesReply>> Ec2Model::describe_instances(
    ec2::DescribeInstancesRequest request) {
  const std::shared_ptr<DescribeCall> call = begin_describe(std::move(request));
  Clock& clock = kernel_.clock(Phase::kWorld);
  co_await clock.sleep_until(call->answered);
  assert(call->answer);
  // The instances are known now, and what they cost with them.
  if (call->answered > kernel_.now()) co_await clock.sleep_until(call->answered);
  co_return *std::move(call->answer);
}

std::shared_ptr<Ec2Model::DescribeCall> Ec2Model::begin_describe(
    ec2::DescribeInstancesRequest request) {
  auto call = std::make_shared<DescribeCall>();
  call->action = "DescribeInstances";
  call->started = kernel_.now();
  if (!throttle_.admit_describe(is_narrowed(request), call->started)) {
    reject_throttled(*call);
    answer_at<ec2::DescribeInstancesReply>(call, call->answered, [](DescribeCall&) {});
    return call;
  }
  call->answered =
      call->started + draw(config_.latency.describe_instances, "ec2.describe_instances", 0);
  kernel_.at(call->answered, Phase::kWorld,
             [this, call, request = std::move(request)] { answer_describe(call, request); });
  return call;
}

void Ec2Model::answer_describe(const std::shared_ptr<DescribeCall>& call,
                               const ec2::DescribeInstancesRequest& request) {
  call->answer = describe_fleet(fleet_, request, config_.default_page_size);
  const std::size_t count = *call->answer ? (*call->answer)->instances.size() : 0;
  const Duration transfer =
      slowed(config_.latency.describe_per_instance * static_cast<std::int64_t>(count));
  answer_at<ec2::DescribeInstancesReply>(call, kernel_.now() + transfer, [](DescribeCall&) {});
}

// --- TerminateInstances

Awaitable<ec2::Attempt<std::vector<ec2::StateChange>>> Ec2Model::terminate_instances(
    std::vector<std::string> instance_ids) {
  const std::shared_ptr<TerminateCall> call = begin_terminate(std::move(instance_ids));
  co_await kernel_.clock(Phase::kWorld).sleep_until(call->answered);
  assert(call->answer);
  co_return *std::move(call->answer);
}

std::shared_ptr<Ec2Model::TerminateCall> Ec2Model::begin_terminate(
    std::vector<std::string> instance_ids) {
  using Changes = std::vector<ec2::StateChange>;
  auto call = std::make_shared<TerminateCall>();
  call->action = "TerminateInstances";
  call->started = kernel_.now();
  if (!throttle_.admit_terminate(instance_ids.size(), call->started)) {
    reject_throttled(*call);
    answer_at<Changes>(call, call->answered, [](TerminateCall&) {});
    return call;
  }
  const std::uint64_t key = instance_ids.empty() ? 0 : hash_bytes(instance_ids.front());
  const Duration latency = draw(config_.latency.mutate_other, "ec2.terminate_instances", key);
  answer_at<Changes>(call, call->started + latency,
                     [this, ids = std::move(instance_ids)](TerminateCall& answered) {
                       answered.answer = terminate(ids);
                     });
  return call;
}

// One bad id fails the whole call with nothing terminated; a repeat succeeds (1.4).
ec2::Attempt<std::vector<ec2::StateChange>> Ec2Model::terminate(
    const std::vector<std::string>& ids) {
  if (ids.empty()) {
    return std::unexpected(
        ec2_error("MissingParameter", "The request must contain the parameter InstanceId"));
  }
  if (ids.size() > kMostIds) {
    return std::unexpected(ec2_error(
        "InvalidParameterValue",
        fmt::format("Too many instances: {}. At most {} per call.", ids.size(), kMostIds)));
  }
  std::vector<std::uint64_t> numbers;
  std::set<std::uint64_t> seen;
  for (const std::string& id : ids) {
    if (!is_well_formed_id(id)) {
      return std::unexpected(
          ec2_error("InvalidInstanceID.Malformed", fmt::format("Invalid id: \"{}\"", id)));
    }
    const std::uint64_t* number = fleet_.number_of(id);
    if (number == nullptr) {
      return std::unexpected(ec2_error("InvalidInstanceID.NotFound",
                                       fmt::format("The instance ID '{}' does not exist", id)));
    }
    if (seen.insert(*number).second) numbers.push_back(*number);
  }
  std::vector<ec2::StateChange> changes;
  changes.reserve(numbers.size());
  for (const std::uint64_t number : numbers) changes.push_back(fleet_.terminate(number));
  return changes;
}

// --- what tests, faults and the initial state ask

ec2::Attempt<std::vector<ec2::Instance>> Ec2Model::add_running(ec2::RunInstancesRequest request) {
  ec2::Attempt<Launch> launch = decide_run(request);
  if (!launch) return std::unexpected(std::move(launch.error()));
  if (launch->is_new) {
    launch->reservation->accepted = kernel_.now();
    fleet_.accept_running(*launch->reservation);
  }
  return shapes_of(*launch->reservation);
}

bool Ec2Model::vanish(const std::string& instance_id, std::string reason) {
  const std::uint64_t* number = fleet_.number_of(instance_id);
  if (number == nullptr || fleet_.find(*number)->shape.state == ec2::InstanceState::kTerminated) {
    return false;
  }
  fleet_.vanish(*number, std::move(reason));
  return true;
}

const ec2::Instance* Ec2Model::find(const std::string& instance_id) {
  const std::uint64_t* number = fleet_.number_of(instance_id);
  return number == nullptr ? nullptr : &fleet_.find(*number)->shape;
}

std::vector<ec2::Instance> Ec2Model::instances() {
  std::vector<ec2::Instance> result;
  for (const auto& [number, instance] : fleet_.all()) {
    if (instance.accepted) result.push_back(instance.shape);
  }
  return result;
}

// --- what calls share

template <class T>
void Ec2Model::reject_throttled(Call<T>& call) {
  call.answer = std::unexpected(ec2_error("RequestLimitExceeded", "Request limit exceeded."));
  call.answered = call.started + draw(config_.latency.throttled_reply, "ec2.throttled_reply",
                                      hash_bytes(call.action));
}

template <class T>
void Ec2Model::answer_at(const std::shared_ptr<Call<T>>& call, TimePoint when,
                         std::move_only_function<void(Call<T>&)> effect) {
  call->answered = when;
  const auto finish = [this](Call<T>& answered, std::move_only_function<void(Call<T>&)>& act) {
    act(answered);
    report(answered.action, *answered.answer ? "" : answered.answer->error().code,
           answered.started);
  };
  if (when == kernel_.now()) return finish(*call, effect);
  kernel_.at(when, Phase::kWorld,
             [finish, call, act = std::move(effect)]() mutable { finish(*call, act); });
}

void Ec2Model::report(const std::string& action, const std::string& code, TimePoint started) {
  ++calls_[{action, code}];
  facts_.on_fact(kernel_.now(), Ec2CallAnswered{action, code, kernel_.now() - started});
}

Duration Ec2Model::draw(const Distribution& latency, std::string_view purpose, std::uint64_t key) {
  const std::uint64_t n = drawn_[hash_bytes(purpose, key)]++;
  return draw(latency, purpose, key, n);
}

Duration Ec2Model::draw(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                        std::uint64_t n) const {
  return std::max(kLeastLatency, slowed(latency.duration(random_.uniform(purpose, key, n))));
}

Duration Ec2Model::slowed(Duration latency) const {
  if (config_.latency.slow_mode == 1) return latency;
  return from_seconds(to_seconds(latency) * config_.latency.slow_mode);
}

}  // namespace casim::sim

#include "sim/ec2/ec2_model.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "sim/ec2/action_table.h"
#include "sim/ec2/run_instances.h"

namespace casim::sim {
namespace {

template <class Request>
Charge charge_of(const Request& request) {
  const auto charge = row_of<Request>().charge;
  return charge == nullptr ? Charge{} : charge(request);
}

template <class Request>
CallPlan<typename Request::Reply> plan_of(Ec2State& state, Request request,
                                          const Slowness& slowness) {
  const ModelledAction<Request>& row = row_of<Request>();
  if (row.plan != nullptr) return row.plan(state, std::move(request), slowness);
  const ActionTime<Request>& time = row.time;
  const std::uint64_t key = time.key == nullptr ? 0 : time.key(request);
  return {state.times.next(state.config.latency.*time.latency, time.purpose, key, slowness),
          [&state, &row, request = std::move(request)]() -> ec2::Attempt<typename Request::Reply> {
            if (ec2::Attempt<void> checked = row.check(state, request); !checked) {
              return std::unexpected(std::move(checked.error()));
            }
            return row.act(state, request);
          }};
}

// What a dry run is answered.
template <class Request>
ec2::AttemptError dry_run(Ec2State& state, const Request& request) {
  if (ec2::Attempt<void> checked = row_of<Request>().check(state, request); !checked) {
    return std::move(checked.error());
  }
  return ec2::error_reply(ec2::ErrorCode::kDryRunOperation,
                          "Request would have succeeded, but DryRun flag is set.");
}

Slowness slowness_of(const CallConditions& conditions) {
  return {.factor = conditions.latency_factor, .delay = conditions.delay};
}

void say_what(const Network& network, const ec2::RunInstancesRequest& request,
              Ec2Arrival& arrival) {
  arrival.type = request.instance_type;
  const std::string* of_subnet = network.zone_of(request.subnet_id);
  arrival.zone = of_subnet == nullptr ? request.zone : *of_subnet;
  arrival.tags = request.tags;
}

template <class Request>
void say_what(const Network& /*network*/, const Request& /*request*/, Ec2Arrival& /*arrival*/) {}

template <class Request>
bool may_give(const ec2::AttemptError& error) {
  return std::ranges::any_of(row_of<Request>().errors,
                             [&](ec2::ErrorCode code) { return error.code == code; });
}

}  // namespace

struct Ec2Model::Call {
  ec2::Action action;
  std::uint64_t number;  // of all calls
  CallConditions conditions;
  TimePoint started;
  TimePoint due{};  // of the effect, then of the answer: it costs what there is to transfer
  std::optional<ec2::Attempt<ec2::AnyReply>> answer{};
  std::optional<ec2::Fault> loss{};  // of the answer, as its caller sees it
};

// Who waits for an answer: says so when it has come, or when nobody waits any more.
class Ec2Model::Caller {
 public:
  Caller(const Ec2Model& model, std::uint64_t call)
      : listener_(model.call_listener_), kernel_(model.state_.kernel), call_(call) {}

  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  ~Caller() {
    if (listener_ != nullptr) listener_->on_left(kernel_.now(), call_);
  }

  void hear(const Call& call) {
    Ec2CallListener* listener = std::exchange(listener_, nullptr);
    if (listener == nullptr) return;
    std::optional<ec2::AttemptError> error;
    if (call.loss) {
      error = ec2::no_reply(*call.loss);
    } else if (!*call.answer) {
      error = call.answer->error();
    }
    listener->on_heard(kernel_.now(), call_, error ? &*error : nullptr);
  }

 private:
  Ec2CallListener* listener_;
  const Kernel& kernel_;
  std::uint64_t call_;
};

Ec2Model::Ec2Model(Kernel& kernel, const Random& random, FactSink& facts, Ec2Config config,
                   const Ec2Conditions& conditions)
    : facts_(facts),
      state_(kernel, random, facts, std::move(config), conditions),
      throttle_(state_.config.throttle),
      background_(random, state_.config.background) {}

Awaitable<ec2::Attempt<ec2::AnyReply>> Ec2Model::call(ec2::AnyRequest request) {
  const CallPtr call = begin(std::move(request));
  co_await wait_for(call);
  if (call->loss) co_return std::unexpected(ec2::no_reply(*call->loss));
  co_return *std::move(call->answer);
}

Awaitable<WireAnswer> Ec2Model::call_on_wire(ec2::AnyRequest request) {
  const CallPtr call = begin(std::move(request));
  co_await wait_for(call);
  co_return WireAnswer{*std::move(call->answer),
                       call->loss ? std::optional(call->conditions.cut) : std::nullopt};
}

Awaitable<void> Ec2Model::wait_for(CallPtr call) {
  Clock& clock = state_.kernel.clock(Phase::kWorld);
  Caller caller(*this, call->number);
  do {
    co_await clock.sleep_until(call->due);
  } while (call->due > state_.kernel.now());
  assert(call->answer);
  caller.hear(*call);
}

Ec2Model::CallPtr Ec2Model::begin(ec2::AnyRequest request) {
  const ec2::Action action = ec2::action_of(request);
  const TimePoint now = state_.kernel.now();
  const std::uint64_t n = arrivals_[ec2::index_of(action)]++;
  Ec2Arrival arrival{.action = action, .n = n, .at = now};
  std::visit([&](const auto& typed) { say_what(state_.network, typed, arrival); }, request);
  auto call = std::make_shared<Call>(Call{.action = action,
                                          .number = calls_++,
                                          .conditions = state_.conditions.on_call(arrival),
                                          .started = now});
  if (call_listener_ != nullptr) call_listener_->on_asked(now, call->number, request);
  background_.befall(arrival, call->conditions);
  std::visit([&](auto& typed) { carry_out(call, std::move(typed)); }, request);
  return call;
}

template <class Request>
void Ec2Model::carry_out(const CallPtr& call, Request request) {
  const CallConditions& conditions = call->conditions;
  const LatencyOf refusal = row_of<Request>().refusal_latency;
  if (!conditions.throttled && conditions.refusal) {
    const std::optional<Duration> after = conditions.refusal->after;
    return refuse(call, conditions.refusal->error,
                  after ? *after : refusal_time(*call, refusal, "ec2.refusal"));
  }
  if (conditions.throttled || !throttle_.admit(call->action, charge_of(request), call->started)) {
    return refuse(
        call, ec2::error_reply(ec2::ErrorCode::kRequestLimitExceeded, "Request limit exceeded."),
        refusal_time(*call, &Ec2Latencies::throttled_reply, "ec2.throttled_reply"));
  }
  if (is_denied(call->action)) {
    return refuse(call,
                  ec2::error_reply(ec2::ErrorCode::kUnauthorizedOperation,
                                   "You are not authorized to perform this operation."),
                  refusal_time(*call, refusal, "ec2.denied"));
  }
  if (request.dry_run) {
    return refuse(call, dry_run(state_, request), refusal_time(*call, refusal, "ec2.dry_run"));
  }
  auto plan = plan_of(state_, std::move(request), slowness_of(conditions));
  call->due = call->started + plan.takes;
  state_.kernel.at(call->due, Phase::kWorld,
                   [this, call, effect = std::move(plan.effect)]() mutable {
                     take_effect<Request>(call, effect());
                   });
}

bool Ec2Model::is_denied(ec2::Action action) const {
  return std::ranges::find(state_.config.denied_actions, action) !=
         state_.config.denied_actions.end();
}

template <class Request>
void Ec2Model::take_effect(const CallPtr& call, ec2::Attempt<typename Request::Reply> reply) {
  if (!reply) {
    assert(may_give<Request>(reply.error()));
    return answer(call, std::unexpected(std::move(reply.error())), Duration{});
  }
  Duration transfer{};
  if (const ReplyTime<Request>& time = row_of<Request>().reply_time; time.per_item != nullptr) {
    const auto items = static_cast<std::int64_t>(time.items(*reply));
    transfer = state_.times.slowed(state_.config.latency.*time.per_item * items,
                                   call->conditions.latency_factor);
  }
  answer(call, ec2::to_any<Request>(*std::move(reply)), transfer);
}

Duration Ec2Model::refusal_time(const Call& call, Distribution Ec2Latencies::* latency,
                                std::string_view purpose) {
  return state_.times.next(state_.config.latency.*latency, purpose,
                           hash_bytes(ec2::name_of(call.action)), slowness_of(call.conditions));
}

void Ec2Model::refuse(const CallPtr& call, ec2::AttemptError error, Duration after) {
  assert(after > Duration{});
  call->due = call->started + after;
  state_.kernel.at(call->due, Phase::kWorld, [this, call, error = std::move(error)]() mutable {
    answer(call, std::unexpected(std::move(error)), Duration{});
  });
}

void Ec2Model::answer(const CallPtr& call, ec2::Attempt<ec2::AnyReply> reply, Duration transfer) {
  if (call_listener_ != nullptr) {
    call_listener_->on_decided(state_.kernel.now(), call->number, reply);
  }
  if (call->conditions.reply_lost) {
    const std::optional<Duration> after = call->conditions.reply_lost_after;
    call->loss = after ? ec2::Fault::kReadTimeout : fault_of(call->conditions.cut);
    if (after) transfer = std::max(Duration{}, call->started + *after - state_.kernel.now());
  }
  call->answer = std::move(reply);
  if (transfer == Duration{}) return report(*call);
  call->due = state_.kernel.now() + transfer;
  state_.kernel.at(call->due, Phase::kWorld, [this, call] { report(*call); });
}

void Ec2Model::report(const Call& call) {
  const ec2::Attempt<ec2::AnyReply>& answer = *call.answer;
  std::string reason;
  if (call.loss) {
    reason = ec2::reason_of(ec2::no_reply(*call.loss));
  } else if (!answer) {
    reason = ec2::reason_of(answer.error());
  }
  const TimePoint now = state_.kernel.now();
  facts_.on_fact(now, Ec2CallAnswered{std::string(ec2::name_of(call.action)), std::move(reason),
                                      now - call.started});
}

ec2::Attempt<std::vector<ec2::Instance>> Ec2Model::add_running(ec2::RunInstancesRequest request) {
  return sim::add_running(state_, std::move(request));
}

void Ec2Model::add_neighbour(ec2::Action action, double share) {
  throttle_.add_neighbour(action, share, state_.kernel.now());
}

void Ec2Model::remove_neighbour(ec2::Action action, double share) {
  throttle_.remove_neighbour(action, share, state_.kernel.now());
}

bool Ec2Model::vanish(const std::string& instance_id, std::string reason) {
  const std::uint64_t* number = state_.fleet.number_of(instance_id);
  if (number == nullptr ||
      state_.fleet.find(*number)->shape().state == ec2::InstanceState::kTerminated) {
    return false;
  }
  state_.fleet.vanish(*number, std::move(reason));
  return true;
}

void Ec2Model::interrupt(const std::string& instance_id, Duration after, Duration notice) {
  const std::uint64_t* number = state_.fleet.number_of(instance_id);
  assert(number != nullptr);
  state_.fleet.interrupt(*number, after, notice);
}

const ec2::Instance* Ec2Model::find(const std::string& instance_id) {
  const std::uint64_t* number = state_.fleet.number_of(instance_id);
  return number == nullptr ? nullptr : &state_.fleet.find(*number)->shape();
}

std::vector<PoolCost> Ec2Model::costs() const {
  return costs_of(state_.fleet.bill_so_far(), state_.config);
}

std::vector<ec2::Instance> Ec2Model::instances() {
  std::vector<ec2::Instance> result;
  for (const auto& [number, instance] : state_.fleet.all()) {
    if (instance.accepted) result.push_back(instance.shape());
  }
  return result;
}

}  // namespace casim::sim

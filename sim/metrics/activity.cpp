#include "sim/metrics/activity.h"

#include "src/core/result.h"

namespace casim::sim {
namespace {

template <class Of>
config::Value by_action(const Activity& a, Of of) {
  config::Value::Object out;
  for (const auto& [action, retries] : a.ec2_retries) out.push_back({action, of(retries)});
  return out;
}

void list_retries(SummaryValues& out, const Activity& a) {
  out.add("ec2.client.{action}.attempts", ValueType::count("attempts"),
          by_action(a, [](const Ec2Retries& r) { return config::Value(r.attempts); }),
          "attempts that EC2 answered, first ones and retries");
  out.add("ec2.client.{action}.retries", ValueType::count("retries"),
          by_action(a, [](const Ec2Retries& r) { return config::Value(r.retries); }),
          "retries by the rules of the provider's SDK", Better::kLower);
  out.add("ec2.client.{action}.calls_again", ValueType::count("calls"),
          by_action(a, [](const Ec2Retries& r) { return config::Value(r.calls_again); }),
          "calls that the provider made again after the SDK had given up", Better::kLower);
  out.add("ec2.client.{action}.backoff_s", ValueType::seconds(),
          by_action(a, [](const Ec2Retries& r) { return config::Value(to_seconds(r.backoff)); }),
          "time of all calls together in the waits before both", Better::kLower);
  out.add(
      "ec2.client.{action}.limiter_wait_s", ValueType::seconds(),
      by_action(a, [](const Ec2Retries& r) { return config::Value(to_seconds(r.limiter_wait)); }),
      "time of all calls together in waits for the client's own rate limit", Better::kLower);
}

}  // namespace

void Activity::on_fact(TimePoint /*at*/, const Fact& fact) {
  std::visit([this](const auto& f) { on(f); }, fact);
}

void Activity::on(const LoopStarted& /*fact*/) { ++loops; }

void Activity::on(const LoopEnded& fact) {
  if (!fact.error.empty()) ++loop_errors[fact.error];
}

void Activity::on(const ScaleDownDecided& /*fact*/) { ++scale_downs; }

void Activity::on(const ProviderCrashed& /*fact*/) { ++provider_crashes; }

void Activity::on(const MutationHandled& fact) {
  const bool ok = fact.code == 0;
  ++mutations[fact.method][ok ? "OK" : std::string(name_of(static_cast<ErrorCode>(fact.code)))];
}

void Activity::on(const IncreaseSizeCommitted& fact) {
  ++scale_ups;
  slots_ordered += static_cast<Count>(fact.slots.size());
}

void Activity::on(const SlotFailed& fact) { ++slot_failures[fact.code]; }

void Activity::on(const CreationStuck& /*fact*/) { ++creations_stuck; }

void Activity::on(const Ec2CallAnswered& fact) {
  ++ec2_calls[fact.action][fact.code.empty() ? "ok" : fact.code];
  ++ec2_retries[fact.action].attempts;
}

void Activity::on(const Ec2CallDelayed& fact) {
  Ec2Retries& of = ec2_retries[fact.action];
  switch (fact.reason) {
    case Ec2DelayReason::kRetry:
      ++of.retries;
      of.backoff += fact.length;
      return;
    case Ec2DelayReason::kAgain:
      ++of.calls_again;
      of.backoff += fact.length;
      return;
    case Ec2DelayReason::kLimiter:
      of.limiter_wait += fact.length;
      return;
  }
}

void Activity::on(const InstanceLaunched& /*fact*/) { ++instances_launched; }

void Activity::on(const InstanceTerminated& /*fact*/) { ++instances_terminated; }

void list_values(SummaryValues& out, const Activity& a) {
  out.add("autoscaler.loops", ValueType::count("loops"), a.loops, "loops that began");
  out.add("autoscaler.loop_errors.{type}", ValueType::count("loops"), by_name(a.loop_errors),
          "loops that ended in an error, by its type", Better::kLower);
  out.add("autoscaler.scale_ups", ValueType::count("orders"), a.scale_ups,
          "IncreaseSize orders that the provider committed");
  out.add("autoscaler.slots_ordered", ValueType::count("nodes"), a.slots_ordered,
          "nodes that these orders asked for");
  out.add("autoscaler.slot_failures.{code}", ValueType::count("nodes"), by_name(a.slot_failures),
          "ordered nodes that failed, by the code that the provider reported", Better::kLower);
  out.add("autoscaler.creations_stuck", ValueType::count("nodes"), a.creations_stuck,
          "ordered nodes that Crossplane's provider does nothing more for: it does not know how "
          "their creation ended",
          Better::kLower);
  out.add("autoscaler.nodes_removed", ValueType::count("nodes"), a.scale_downs,
          "nodes that the autoscaler decided to remove");
  out.add("autoscaler.mutations.{method}.{code}", ValueType::count("calls"), by_name(a.mutations),
          "calls with an effect that reached the provider, by method and gRPC code");
  out.add("autoscaler.provider_crashes", ValueType::count("crashes"), a.provider_crashes,
          "times that the provider went down");
  out.add("ec2.calls.{action}.{outcome}", ValueType::count("calls"), by_name(a.ec2_calls),
          "calls that EC2 answered, by action and by error code or ok");
  list_retries(out, a);
  out.add("ec2.instances_launched", ValueType::count("instances"), a.instances_launched,
          "instances that EC2 accepted, those of the initial nodes included");
  out.add("ec2.instances_terminated", ValueType::count("instances"), a.instances_terminated,
          "instances that ended");
}

}  // namespace casim::sim

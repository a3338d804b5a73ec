#include "sim/metrics/activity.h"

#include "src/core/result.h"

namespace casim::sim {

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

void Activity::on(const Ec2CallAnswered& fact) {
  ++ec2_calls[fact.action][fact.code.empty() ? "ok" : fact.code];
}

void Activity::on(const InstanceLaunched& /*fact*/) { ++instances_launched; }

void Activity::on(const InstanceTerminated& /*fact*/) { ++instances_terminated; }

}  // namespace casim::sim

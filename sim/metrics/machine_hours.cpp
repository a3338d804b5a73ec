#include "sim/metrics/machine_hours.h"

#include <algorithm>

namespace casim::sim {

void MachineHours::on_fact(TimePoint at, const Fact& fact) {
  std::visit([this, at](const auto& f) { on(at, f); }, fact);
}

void MachineHours::on(TimePoint now, const InstanceRunning& fact) {
  live_[fact.instance].running = now;
}

void MachineHours::on(TimePoint now, const InstanceShuttingDown& fact) {
  const auto found = live_.find(fact.instance);
  if (found == live_.end()) return;
  add(ended_, found->second, now);
  if (found->second.ready == kTimeNever) {
    ++ended_.never_ready;
    ended_.never_ready_ran += now - found->second.running;
  }
  live_.erase(found);
}

void MachineHours::on(TimePoint /*now*/, const NodeRegistered& fact) {
  if (fact.node.value() >= instance_of_.size()) instance_of_.resize(fact.node.value() + 1);
  instance_of_[fact.node.value()] = fact.instance;
}

void MachineHours::on(TimePoint now, const NodeReady& fact) {
  const auto found = live_.find(instance_of_[fact.node.value()]);
  if (found != live_.end()) found->second.ready = std::min(found->second.ready, now);
}

void MachineHours::add(MachineTotals& totals, const Machine& machine, TimePoint until) {
  totals.ran += until - machine.running;
  if (machine.ready != kTimeNever) totals.before_ready += machine.ready - machine.running;
}

MachineTotals MachineHours::totals(TimePoint end) const {
  MachineTotals totals = ended_;
  for (const auto& [instance, machine] : live_) add(totals, machine, end);
  return totals;
}

void list_values(SummaryValues& out, const MachineTotals& totals) {
  const auto hours = [](Duration span) { return to_seconds(span) / 3600; };
  out.add("machines.hours", ValueType::instance_hours(), hours(totals.ran),
          "from running to shutting down, or to the end of the run");
  out.add("machines.before_ready_hours", ValueType::instance_hours(), hours(totals.before_ready),
          "of them, until the machine's node was Ready for the first time", Better::kLower);
  out.add("machines.never_ready", ValueType::count("instances"), totals.never_ready,
          "machines that ran and were ended before a node of theirs was Ready", Better::kLower);
  out.add("machines.never_ready_hours", ValueType::instance_hours(), hours(totals.never_ready_ran),
          "how long those ran, which is paid for", Better::kLower);
}

}  // namespace casim::sim

#include "src/provider/reconciler.h"

#include <algorithm>
#include <utility>

#include "src/provider/visibility.h"

namespace casim::provider {
namespace {

// As long as EC2 shows a terminated instance (ec2.md 1.4).
constexpr Duration kGoneMemory = std::chrono::hours(1);

bool is_live(const Machine& machine) {
  return machine.state == MachineState::kPending || machine.state == MachineState::kRunning;
}

// The machine is no more, and the slot has to say so without it.
Slot without_machine(const Slot& slot) {
  Slot next = slot;
  next.instance_id.clear();
  return next;
}

}  // namespace

Reconciler::Snapshot::Snapshot(std::vector<Machine> list)
    : machines_(std::move(list)), next_(machines_.size(), machines_.size()) {
  first_of_.reserve(machines_.size());
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    const auto [first, is_new] = first_of_.emplace(machines_[i].token, i);
    if (!is_new) next_[i] = std::exchange(first->second, i);
  }
}

// Wakes each period, so that a change ends the calm within one of them.
Awaitable<void> Reconciler::run(std::uint64_t epoch) {
  TimePoint last = parts_.clock.now();
  for (std::uint64_t n = 0;; ++n) {
    const double u = parts_.random.uniform("provider.reconcile", epoch, n);
    const double factor = 1 + timing_.jitter * (2 * u - 1);
    co_await parts_.clock.sleep_for(from_seconds(to_seconds(timing_.period) * factor));
    // Half a period early is late enough: the wakes have their jitter.
    if (is_calm() && parts_.clock.now() - last < pause_ - timing_.period / 2) continue;
    const Result<void> passed = co_await pass();
    last = parts_.clock.now();
    pause_ = is_calm() ? std::max(timing_.period, std::min(2 * pause_, timing_.max_period))
                       : timing_.period;
    seen_generation_ = parts_.table.generation_of_all();
    const bool is_done = passed && missing_since_.empty() && !parts_.terminator.is_busy();
    has_settled_ = is_done && std::ranges::all_of(parts_.table.all(), [](const auto& entry) {
                     return entry.second.state == SlotState::kRunning;
                   });
  }
}

// Nothing has changed since the last pass, and nothing is to be waited for.
bool Reconciler::is_calm() const {
  return has_settled_ && parts_.table.generation_of_all() == seen_generation_;
}

Awaitable<Result<void>> Reconciler::pass() {
  Result<std::vector<Machine>> list = co_await parts_.machines.list();
  if (!list) co_return std::unexpected<Error>(list.error());
  const Snapshot seen(std::move(*list));
  Result<void> outcome;
  for (const std::string& group : parts_.table.groups()) {
    Journal::Plan plan = [this, group, &seen] { return Result<Change>(plan_group(group, seen)); };
    const Result<void> done = co_await parts_.journal.submit(group, std::move(plan));
    if (!done) outcome = done;  // what was not repaired now is found again by the next pass
  }
  terminate_orphans(seen);
  forget_missing();
  co_return outcome;
}

Change Reconciler::plan_group(const std::string& group, const Snapshot& seen) {
  Effects effects;
  for (const auto& [id, slot] : parts_.table.of_group(group)) repair(*slot, seen, effects);
  return std::move(effects).into_change(parts_.observer, parts_.terminator, CallId());
}

void Reconciler::repair(const Slot& slot, const Snapshot& seen, Effects& effects) {
  switch (slot.state) {
    case SlotState::kRequested:
      return repair_requested(slot, seen, effects);
    case SlotState::kCreating:
    case SlotState::kRunning:
      return repair_live(slot, seen, effects);
    case SlotState::kFailed:
      return repair_failed(slot, seen, effects);
    case SlotState::kDeleting:
    case SlotState::kCancelled:
      return repair_leaving(slot, seen, effects);
  }
}

// A machine was launched, but its answer was lost or is not there yet.
void Reconciler::repair_requested(const Slot& slot, const Snapshot& seen, Effects& effects) {
  if (const Machine* machine = find_by_token(seen, slot, true)) {
    adopt_machine(slot, machine->instance_id, machine->provider_id, parts_.clock.now(), effects);
    return;
  }
  if (parts_.launcher.is_in_flight(slot.id)) return;  // its answer says more
  const Machine* dead = find_by_token(seen, slot, false);
  if (dead != nullptr && dead->failure) fail_slot(slot, *dead->failure, effects);
}

void Reconciler::repair_live(const Slot& slot, const Snapshot& seen, Effects& effects) {
  terminate_doubles(slot, seen, effects);
  const Machine* machine = machine_of(seen, slot);
  if (machine == nullptr) {
    if (is_vanished(slot)) effects.erase(slot);
    return;
  }
  if (is_live(*machine)) return;
  if (slot.state == SlotState::kCreating && machine->failure) {
    fail_slot(without_machine(slot), *machine->failure, effects);
  } else if (machine->state == MachineState::kGone) {
    effects.erase(slot);
  } else {  // somebody else terminates it
    Slot next = slot;
    next.state = SlotState::kDeleting;
    effects.put(SlotEvent::kDeleting, std::move(next));
  }
}

// Stays until the autoscaler deletes it, whatever becomes of its machine.
void Reconciler::repair_failed(const Slot& slot, const Snapshot& seen, Effects& effects) {
  terminate_doubles(slot, seen, effects);
  if (slot.instance_id.empty()) return;
  const Machine* machine = machine_of(seen, slot);
  const bool is_gone =
      machine == nullptr ? is_vanished(slot) : machine->state == MachineState::kGone;
  if (is_gone) effects.put(SlotEvent::kSilent, without_machine(slot));
}

void Reconciler::repair_leaving(const Slot& slot, const Snapshot& seen, Effects& effects) {
  if (slot.instance_id.empty()) {
    if (const Machine* late = find_by_token(seen, slot, true)) {
      adopt_machine(slot, late->instance_id, late->provider_id, parts_.clock.now(), effects);
    } else if (!parts_.launcher.is_in_flight(slot.id) && is_vanished(slot)) {
      effects.erase(slot);
    }
    return;
  }
  terminate_doubles(slot, seen, effects);
  const Machine* machine = machine_of(seen, slot);
  if (machine == nullptr) {
    if (is_vanished(slot)) effects.erase(slot);
  } else if (machine->state == MachineState::kGone) {
    effects.erase(slot);
  } else if (is_live(*machine)) {
    effects.terminate(slot.instance_id);  // the first request failed or was lost
  }
}

const Machine* Reconciler::machine_of(const Snapshot& seen, const Slot& slot) {
  const Machine* found = nullptr;
  seen.for_each_of(slot.token, [&](const Machine& machine) {
    if (machine.instance_id == slot.instance_id) found = &machine;
  });
  if (found != nullptr) missing_since_.erase(slot.id);
  return found;
}

// Of several the one with the least id.
const Machine* Reconciler::find_by_token(const Snapshot& seen, const Slot& slot, bool live) const {
  const Machine* found = nullptr;
  seen.for_each_of(slot.token, [&](const Machine& machine) {
    if (is_live(machine) != live) return;
    if (found == nullptr || machine.instance_id < found->instance_id) found = &machine;
  });
  return found;
}

// Called when a list does not show the slot's machine.
bool Reconciler::is_vanished(const Slot& slot) {
  const TimePoint now = parts_.clock.now();
  const auto [entry, is_first] = missing_since_.try_emplace(slot.id, now);
  return !is_first && now - entry->second >= kVisibilityGrace;
}

// Two machines of one token can be where a launch was replayed in another pool, because the first
// pool's reply was lost.
void Reconciler::terminate_doubles(const Slot& slot, const Snapshot& seen, Effects& effects) const {
  std::vector<std::string> doubles;
  seen.for_each_of(slot.token, [&](const Machine& machine) {
    if (is_live(machine) && machine.instance_id != slot.instance_id) {
      doubles.push_back(machine.instance_id);
    }
  });
  std::ranges::sort(doubles);
  for (const std::string& id : doubles) effects.terminate(id);
}

void Reconciler::terminate_orphans(const Snapshot& seen) {
  std::vector<std::string> orphans;
  for (const Machine& machine : seen.machines()) {
    if (parts_.table.find_by_token(machine.token) != nullptr) continue;
    if (is_live(machine)) orphans.push_back(machine.instance_id);
    if (machine.state == MachineState::kGone) {
      parts_.table.remember_gone(machine.provider_id, machine.group, parts_.clock.now());
    }
  }
  std::ranges::sort(orphans);
  parts_.terminator.request(std::move(orphans));
  parts_.table.forget_gone_before(parts_.clock.now() - kGoneMemory);
}

void Reconciler::forget_missing() {
  std::erase_if(missing_since_,
                [this](const auto& entry) { return parts_.table.find(entry.first) == nullptr; });
}

}  // namespace casim::provider

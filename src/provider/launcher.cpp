#include "src/provider/launcher.h"

#include <cassert>
#include <functional>
#include <utility>

#include "src/provider/call_tokens.h"
#include "src/provider/effects.h"
#include "src/provider/placeholder.h"

namespace casim::provider {
namespace {

// assumed: long enough not to hammer a store that fails, short against a launch.
constexpr Duration kStoreRetry = std::chrono::seconds(1);
constexpr Duration kTokenRetry = std::chrono::milliseconds(1500);  // likewise

void accept(const Slot& slot, const LaunchAnswer& answer, TimePoint now, Effects& effects) {
  // Accepted, and the machine shows up later: the reconciler joins the two by token.
  if (answer.instance_id.empty()) return;
  if (slot.instance_id == answer.instance_id) return;  // the reconciler was faster
  const bool takes = slot.instance_id.empty() &&
                     (slot.state == SlotState::kRequested || slot.state == SlotState::kCancelled);
  if (!takes) {
    effects.terminate(answer.instance_id);
    return;
  }
  adopt_machine(slot, answer.instance_id, answer.provider_id, now, effects);
}

void refuse(const Slot& slot, const SlotFailure& reason, Effects& effects) {
  if (slot.state == SlotState::kRequested) {
    fail_slot(slot, reason, effects);
  } else if (slot.state == SlotState::kCancelled && slot.instance_id.empty()) {
    effects.erase(slot);
  }
}

}  // namespace

void Launcher::launch(const GroupConfig& group, const std::vector<Slot>& slots) {
  if (config_.launch_window.idle == Duration{}) return ask_for(group, slots);
  const auto entry = waiting_.try_emplace(group.id, Gathering(config_.launch_window)).first;
  Waiting& waiting = entry->second;
  for (const Slot& slot : slots) {
    if (in_flight_.emplace(slot.id, slot.group).second) waiting.slots.push_back(slot.id);
  }
  const bool is_waited_for = waiting.gathering.is_open();
  waiting.gathering.note(parts_.clock.now());
  if (!is_waited_for) parts_.scope.spawn(gather(group, waiting));
}

void Launcher::launch_again(const GroupConfig& group, const std::vector<Slot>& slots) {
  ask_for(group, slots);
}

void Launcher::ask_for(const GroupConfig& group, const std::vector<Slot>& slots) {
  std::vector<LaunchItem> items;
  for (const Slot& slot : slots) {
    assert(slot.state == SlotState::kRequested);
    if (!in_flight_.emplace(slot.id, slot.group).second) continue;
    items.push_back({slot.id, slot.token, zone_of(slot.provider_id)});
    parts_.observer.on_launch_requested(slot);
  }
  if (!items.empty()) parts_.scope.spawn(run(group, std::move(items)));
}

Awaitable<void> Launcher::gather(const GroupConfig& group, Waiting& waiting) {
  co_await waiting.gathering.end(parts_.clock);
  const std::vector<SlotId> slots = std::exchange(waiting.slots, {});
  co_await share_calls(group, slots);
  for (const SlotId id : slots) in_flight_.erase(id);  // in the instant in which it is set again
  ask_for(group, known(slots));
}

// Those that are still wanted. The others were never asked for: the reconciler frees them.
std::vector<Slot> Launcher::known(const std::vector<SlotId>& slots) const {
  std::vector<Slot> out;
  for (const SlotId id : slots) {
    const Slot* slot = parts_.table.find(id);
    if (slot != nullptr && slot->state == SlotState::kRequested) out.push_back(*slot);
  }
  return out;
}

// Slots of several orders have calls of their own until here.
Awaitable<void> Launcher::share_calls(const GroupConfig& group, const std::vector<SlotId>& slots) {
  for (bool is_unsure = false;; is_unsure = true) {
    Journal::Plan plan = [this, &slots, is_unsure] {
      Change change;
      std::vector<Slot> wanted = known(slots);
      if (wanted.empty()) return Result<Change>(std::move(change));
      if (!is_unsure && !could_share_calls(wanted, config_))
        return Result<Change>(std::move(change));
      give_tokens(wanted, config_, parts_.clock.wall_now());
      change.batch.put = std::move(wanted);
      return Result<Change>(std::move(change));
    };
    const Result<void> recorded = co_await parts_.journal.submit(group.id, std::move(plan));
    if (recorded) co_return;
    // Whether the new tokens are durable is not known, so the old ones may not be used any more.
    co_await parts_.clock.sleep_for(kTokenRetry);
  }
}

Awaitable<void> Launcher::run(const GroupConfig& group, std::vector<LaunchItem> items) {
  LaunchSink& sink = *this;
  co_await parts_.machines.launch(group, std::move(items), sink);
}

void Launcher::on_answer(LaunchAnswer answer) {
  const auto entry = in_flight_.find(answer.slot);
  assert(entry != in_flight_.end());
  Inbox& inbox = inboxes_[entry->second];
  inbox.answers.push_back(std::move(answer));
  if (inbox.is_running) return;
  inbox.is_running = true;
  parts_.scope.spawn(record(entry->second, inbox));
}

bool Launcher::is_wanted(SlotId slot) const {
  const Slot* known = parts_.table.find(slot);
  return known != nullptr && known->state == SlotState::kRequested;
}

Awaitable<void> Launcher::record(std::string group, Inbox& inbox) {
  while (!inbox.answers.empty()) {
    const std::vector<LaunchAnswer> answers = std::exchange(inbox.answers, {});
    while (true) {
      Journal::Plan plan_answers = [this, &answers] { return Result<Change>(plan(answers)); };
      const Result<void> recorded = co_await parts_.journal.submit(group, std::move(plan_answers));
      if (recorded) break;
      // An answer is known nowhere else, and a slot without one would wait for ever.
      co_await parts_.clock.sleep_for(kStoreRetry);
    }
    for (const LaunchAnswer& answer : answers) in_flight_.erase(answer.slot);
  }
  inbox.is_running = false;
}

Change Launcher::plan(const std::vector<LaunchAnswer>& answers) const {
  Effects effects;
  for (const LaunchAnswer& answer : answers) {
    const Slot* slot = parts_.table.find(answer.slot);
    if (slot == nullptr) {
      if (!answer.instance_id.empty()) effects.terminate(answer.instance_id);
    } else if (answer.refused) {
      refuse(*slot, *answer.refused, effects);
    } else {
      accept(*slot, answer, parts_.clock.now(), effects);
    }
  }
  return std::move(effects).into_change(parts_.observer, parts_.terminator, CallId());
}

}  // namespace casim::provider

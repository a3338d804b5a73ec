#include "src/provider/effects.h"

#include <cassert>
#include <utility>

namespace casim::provider {
namespace {

void tell(Observer& observer, SlotEvent event, const Slot& slot, CallId call) {
  switch (event) {
    case SlotEvent::kAccepted:
      return observer.on_launch_accepted(slot);
    case SlotEvent::kFailed:
      return observer.on_slot_failed(slot);
    case SlotEvent::kJoined:
      return observer.on_joined(slot);
    case SlotEvent::kDeleting:
      return observer.on_deleting(slot, call);
    case SlotEvent::kCancelled:
      return observer.on_cancelled(slot, call);
    case SlotEvent::kSilent:
      return;
  }
  assert(false && "not a SlotEvent");
}

}  // namespace

void Effects::put(SlotEvent event, Slot slot) {
  batch_.put.push_back(slot);
  told_.push_back({event, false, std::move(slot)});
}

void Effects::erase(const Slot& slot) {
  batch_.erase.push_back(slot.id);
  told_.push_back({SlotEvent::kSilent, true, slot});
}

void Effects::terminate(const std::string& instance_id) { terminate_.push_back(instance_id); }

Change Effects::into_change(Observer& observer, Terminator& terminator, CallId call) && {
  Change change;
  change.batch = std::move(batch_);
  change.after = [&observer, &terminator, call, told = std::move(told_),
                  ids = std::move(terminate_)]() mutable {
    for (const Told& item : told) {
      if (item.is_gone) observer.on_slot_gone(item.slot);
      tell(observer, item.event, item.slot, call);
    }
    terminator.request(std::move(ids));
  };
  return change;
}

void delete_slot(const Slot& slot, Effects& effects) {
  if (slot.instance_id.empty()) {
    cancel_slot(slot, effects);
    return;
  }
  Slot next = slot;
  next.state = SlotState::kDeleting;
  next.failure.reset();
  effects.terminate(next.instance_id);
  effects.put(SlotEvent::kDeleting, std::move(next));
}

void cancel_slot(const Slot& slot, Effects& effects) {
  if (slot.state == SlotState::kFailed && slot.instance_id.empty()) {
    effects.erase(slot);
    return;
  }
  Slot next = slot;
  next.state = SlotState::kCancelled;
  next.failure.reset();
  if (!next.instance_id.empty()) effects.terminate(next.instance_id);
  effects.put(SlotEvent::kCancelled, std::move(next));
}

void fail_slot(const Slot& slot, SlotFailure failure, Effects& effects) {
  Slot next = slot;
  next.state = SlotState::kFailed;
  next.failure = std::move(failure);
  effects.put(SlotEvent::kFailed, std::move(next));
}

void join_slot(const Slot& slot, const std::string& node_name, Effects& effects) {
  assert(!slot.instance_id.empty());
  Slot next = slot;
  next.state = SlotState::kRunning;
  next.node_name = node_name;
  next.failure.reset();
  effects.put(SlotEvent::kJoined, std::move(next));
}

void adopt_machine(const Slot& slot, const std::string& instance_id, const std::string& provider_id,
                   TimePoint now, Effects& effects) {
  assert(slot.instance_id.empty());
  Slot next = slot;
  next.instance_id = instance_id;
  next.provider_id = provider_id;
  next.accepted = now;
  if (slot.state == SlotState::kRequested) {
    next.state = SlotState::kCreating;
    effects.put(SlotEvent::kAccepted, std::move(next));
    return;
  }
  assert(slot.state == SlotState::kCancelled);
  effects.terminate(instance_id);
  effects.put(SlotEvent::kSilent, std::move(next));
}

}  // namespace casim::provider

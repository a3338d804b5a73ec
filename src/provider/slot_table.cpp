#include "src/provider/slot_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "src/provider/placeholder.h"

namespace casim::provider {

bool is_in_target(SlotState state) {
  switch (state) {
    case SlotState::kRequested:
    case SlotState::kCreating:
    case SlotState::kRunning:
    case SlotState::kFailed:
      return true;
    case SlotState::kDeleting:
    case SlotState::kCancelled:
      return false;
  }
  assert(false && "not a SlotState");
  return false;
}

bool may_join(const Slot& slot) {
  if (slot.instance_id.empty()) return false;
  return slot.state == SlotState::kCreating || slot.state == SlotState::kFailed;
}

namespace {

bool is_listed(SlotState state) { return state != SlotState::kCancelled; }

// A failed slot is listed as Creating: only Creating with an error is handled as a failed creation
// (externalgrpc.md 2.6).
InstanceState listed_as(SlotState state) {
  switch (state) {
    case SlotState::kRequested:
    case SlotState::kCreating:
    case SlotState::kFailed:
      return InstanceState::kCreating;
    case SlotState::kRunning:
      return InstanceState::kRunning;
    case SlotState::kDeleting:
    case SlotState::kCancelled:
      return InstanceState::kDeleting;
  }
  assert(false && "not a SlotState");
  return InstanceState::kUnspecified;
}

}  // namespace

void SlotTable::load(StoredState stored) {
  assert(slots_.empty());
  for (const Slot& slot : stored.slots) put(slot);
  next_slot_ = stored.next_slot;
}

void SlotTable::apply(const Batch& batch, TimePoint now) {
  for (const Slot& slot : batch.put) put(slot);
  for (const SlotId id : batch.erase) erase(id, now);
}

void SlotTable::put(const Slot& slot) {
  const auto [entry, is_new] = slots_.try_emplace(slot.id, slot);
  Group& group = groups_[slot.group];
  if (is_new) {
    group.slots.emplace(slot.id, &entry->second);
  } else {
    assert(entry->second.group == slot.group);
    if (is_in_target(entry->second.state)) --group.target;
    drop_indexes(entry->second);
    entry->second = slot;
  }
  if (is_in_target(slot.state)) ++group.target;
  if (slot.state == SlotState::kCreating) creating_.insert(slot.id);
  by_token_[slot.token] = slot.id;
  bump(slot.group);
  by_provider_id_[slot.provider_id] = {slot.id, generation_of_all_};
}

void SlotTable::erase(SlotId id, TimePoint now) {
  const auto entry = slots_.find(id);
  assert(entry != slots_.end());
  const Slot& slot = entry->second;
  Group& group = groups_.at(slot.group);
  if (is_in_target(slot.state)) --group.target;
  drop_indexes(slot);
  group.slots.erase(id);
  if (!parse_placeholder(slot.provider_id)) {
    const bool was_deleted = !is_in_target(slot.state) || slot.state == SlotState::kFailed;
    gone_[slot.provider_id] = Gone{slot.group, now, was_deleted};
  }
  bump(slot.group);
  slots_.erase(entry);
}

void SlotTable::drop_indexes(const Slot& slot) {
  creating_.erase(slot.id);
  by_provider_id_.erase(slot.provider_id);
  by_token_.erase(slot.token);
}

void SlotTable::bump(const std::string& group) {
  ++groups_[group].generation;
  ++generation_of_all_;
}

const Slot* SlotTable::find(SlotId id) const {
  const auto entry = slots_.find(id);
  return entry == slots_.end() ? nullptr : &entry->second;
}

const Slot* SlotTable::find_by_token(const std::string& token) const {
  const auto entry = by_token_.find(token);
  return entry == by_token_.end() ? nullptr : find(entry->second);
}

Resolved SlotTable::resolve(const std::string& provider_id) const {
  using Kind = Resolved::Kind;
  if (const auto placeholder = parse_placeholder(provider_id)) {
    const Slot* slot = find(placeholder->slot);
    if (slot != nullptr && slot->group == placeholder->group) {
      return {Kind::kSlot, slot->group, slot, true};
    }
    const bool was_ours =
        slot == nullptr && placeholder->slot < next_slot_ && groups_.contains(placeholder->group);
    if (was_ours) return {Kind::kGone, placeholder->group, nullptr, true, true};
    return {};
  }
  const auto entry = by_provider_id_.find(provider_id);
  if (entry != by_provider_id_.end()) {
    const Slot* slot = find(entry->second.id);
    return {Kind::kSlot, slot->group, slot, false};
  }
  const auto gone = gone_.find(provider_id);
  if (gone != gone_.end()) {
    return {Kind::kGone, gone->second.group, nullptr, false, gone->second.was_deleted};
  }
  return {};
}

std::vector<std::string> SlotTable::groups() const {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups_) names.push_back(name);
  return names;
}

const std::map<SlotId, const Slot*>& SlotTable::of_group(const std::string& group) const {
  static const std::map<SlotId, const Slot*> kNone;
  const auto entry = groups_.find(group);
  return entry == groups_.end() ? kNone : entry->second.slots;
}

int SlotTable::target(const std::string& group) const {
  const auto entry = groups_.find(group);
  return entry == groups_.end() ? 0 : entry->second.target;
}

std::vector<Instance> SlotTable::list(const std::string& group) const {
  std::vector<Instance> instances;
  for (const auto& [id, slot] : of_group(group)) {
    if (!is_listed(slot->state)) continue;
    instances.push_back({slot->provider_id, listed_as(slot->state), slot->failure});
  }
  return instances;
}

std::uint64_t SlotTable::generation(const std::string& group) const {
  const auto entry = groups_.find(group);
  return entry == groups_.end() ? 1 : entry->second.generation;
}

std::uint64_t SlotTable::generation_of_node(const std::string& provider_id) const {
  const auto entry = by_provider_id_.find(provider_id);
  return entry == by_provider_id_.end() ? generation_of_all_ : entry->second.generation;
}

SlotId SlotTable::take_id() { return std::exchange(next_slot_, SlotId(next_slot_.value() + 1)); }

void SlotTable::remember_gone(const std::string& provider_id, const std::string& group,
                              TimePoint now) {
  if (by_provider_id_.contains(provider_id)) return;
  gone_.try_emplace(provider_id, Gone{group, now, false});
}

void SlotTable::forget_gone_before(TimePoint when) {
  for (auto entry = gone_.begin(); entry != gone_.end();) {
    if (entry->second.since >= when) {
      ++entry;
      continue;
    }
    bump(entry->second.group);
    entry = gone_.erase(entry);
  }
}

}  // namespace casim::provider

#include "src/provider/slot_table.h"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include <fmt/format.h>

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

std::optional<std::string> SlotTable::broken_invariant() const {
  std::size_t grouped = 0;
  for (const auto& [name, group] : groups_) {
    int target = 0;
    for (const auto& [id, slot] : group.slots) {
      if (is_in_target(slot->state)) ++target;
      if (slot->group != name) return fmt::format("group {} lists slot {}", name, id.value());
    }
    grouped += group.slots.size();
    if (target == group.target) continue;
    return fmt::format("group {} has a target of {} and {} slots in it", name, group.target,
                       target);
  }
  std::set<std::string_view> machines;
  for (const auto& [id, slot] : slots_) {
    if (auto broken = broken_slot(slot)) return broken;
    if (slot.instance_id.empty() || machines.insert(slot.instance_id).second) continue;
    return fmt::format("machine {} has two slots, {} is one", slot.instance_id, id.value());
  }
  // Each slot is found by each index, so equal sizes leave no other entry.
  if (grouped != slots_.size()) return "a group lists a slot that is no more";
  if (by_token_.size() != slots_.size()) return "a token stands for a slot that is no more";
  if (by_provider_id_.size() != slots_.size()) return "a provider id stands for two slots or none";
  return std::nullopt;
}

std::optional<std::string> SlotTable::broken_slot(const Slot& slot) const {
  const auto is_found = [&slot](const auto& index, const std::string& key, auto id_of) {
    const auto entry = index.find(key);
    return entry != index.end() && id_of(entry->second) == slot.id;
  };
  const std::string name = fmt::format("slot {} of group {}", slot.id.value(), slot.group);
  const bool has_machine = !slot.instance_id.empty();
  const bool is_creating = slot.state == SlotState::kCreating;
  if (!groups_.at(slot.group).slots.contains(slot.id)) return name + " is not in its group's list";
  if (!is_found(by_token_, slot.token, [](SlotId id) { return id; })) {
    return name + " shares its token " + slot.token;
  }
  if (!is_found(by_provider_id_, slot.provider_id, [](const Named& n) { return n.id; })) {
    return name + " shares its provider id " + slot.provider_id;
  }
  if (creating_.contains(slot.id) != is_creating) return name + " is in the wrong list";
  if (!has_machine && (is_creating || slot.state == SlotState::kRunning)) {
    return name + " counts as a machine and has none";
  }
  if ((slot.state == SlotState::kFailed) != slot.failure.has_value()) {
    return name + " has failed without a reason, or has one without having failed";
  }
  if (slot.id >= next_slot_) return name + " has a number that is still to be given";
  return std::nullopt;
}

}  // namespace casim::provider

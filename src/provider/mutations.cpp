#include "src/provider/mutations.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "src/provider/call_tokens.h"
#include "src/provider/placeholder.h"

namespace casim::provider {
namespace {

// Slots of the target per zone, in the order of the configuration.
std::vector<int> count_by_zone(const GroupConfig& group, const SlotTable& table) {
  std::vector<int> counts(group.zones.size(), 0);
  for (const auto& [id, slot] : table.of_group(group.id)) {
    if (!is_in_target(slot->state)) continue;
    const auto zone = std::ranges::find(group.zones, zone_of(slot->provider_id));
    if (zone != group.zones.end()) {
      ++counts[static_cast<std::size_t>(zone - group.zones.begin())];
    }
  }
  return counts;
}

bool is_unfulfilled(const Slot& slot) {
  return is_in_target(slot.state) && slot.state != SlotState::kRunning;
}

}  // namespace

Result<std::vector<Slot>> plan_increase(const GroupConfig& group, int delta, const Config& config,
                                        SlotTable& table, const Clock& clock) {
  const int target = table.target(group.id);
  if (delta > group.max_size - target) {
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("size increase too large, desired: {}, max: {}",
                               std::int64_t{target} + delta, group.max_size));
  }
  std::vector<int> counts = count_by_zone(group, table);
  std::vector<Slot> slots;
  for (int i = 0; i < delta; ++i) {
    const auto least = std::ranges::min_element(counts);  // the first of equals
    ++*least;
    Slot slot;
    slot.id = table.take_id();
    slot.group = group.id;
    const auto& zone = group.zones[static_cast<std::size_t>(least - counts.begin())];
    slot.provider_id = make_placeholder(zone, group.id, slot.id);
    slot.created = clock.now();
    slots.push_back(std::move(slot));
  }
  give_tokens(slots, config, clock.wall_now());
  return slots;
}

Result<Effects> plan_decrease(const GroupConfig& group, int delta, bool clamp,
                              const SlotTable& table) {
  std::vector<const Slot*> unfulfilled;
  for (const auto& [id, slot] : table.of_group(group.id)) {
    if (is_unfulfilled(*slot)) unfulfilled.push_back(slot);
  }
  const auto available = static_cast<std::int64_t>(unfulfilled.size());
  const std::int64_t wanted = -std::int64_t{delta};
  if (wanted > available && !clamp) {
    const int target = table.target(group.id);
    return failure(ErrorCode::kFailedPrecondition,
                   fmt::format("attempt to delete existing nodes, target: {}, delta: {}, existing: "
                               "{}",
                               target, delta, target - available));
  }
  Effects effects;
  const std::int64_t count = std::min(wanted, available);
  for (std::int64_t i = 0; i < count; ++i) {
    cancel_slot(*unfulfilled[static_cast<std::size_t>(available - 1 - i)], effects);
  }
  return effects;
}

Result<Effects> plan_delete(const GroupConfig& group, const std::vector<NodeRef>& nodes,
                            const SlotTable& table) {
  std::set<SlotId> doomed;  // by id, once however often it is named
  for (const NodeRef& node : nodes) {
    const Resolved known = table.resolve(node.provider_id);
    if (known.kind == Resolved::Kind::kUnknown || known.group != group.id) {
      return failure(ErrorCode::kNotFound, fmt::format("node '{}' ({}) is not in node group '{}'",
                                                       node.name, node.provider_id, group.id));
    }
    if (known.kind != Resolved::Kind::kSlot || !is_in_target(known.slot->state)) continue;
    // A list from before the machine came may still name the placeholder. It must not cost a
    // machine that has joined since: the placeholder it names is gone.
    if (known.by_placeholder && known.slot->state == SlotState::kRunning) continue;
    doomed.insert(known.slot->id);
  }
  Effects effects;
  for (const SlotId id : doomed) delete_slot(*table.find(id), effects);
  return effects;
}

}  // namespace casim::provider

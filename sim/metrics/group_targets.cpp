#include "sim/metrics/group_targets.h"

namespace casim::sim {

void GroupTargets::add(SlotId id, const std::string& group, const Change& change) {
  if (id.value() >= slots_.size()) slots_.resize(id.value() + 1);
  slots_[id.value()].group = group;
  change(group, 1);
}

void GroupTargets::remove(SlotId id, const Change& change) {
  if (id.value() >= slots_.size()) return;
  std::string& group = slots_[id.value()].group;
  if (group.empty()) return;
  change(group, -1);
  group.clear();
}

void GroupTargets::remove_machines(const std::vector<std::string>& provider_ids,
                                   const Change& change) {
  for (const std::string& id : provider_ids) {
    const auto slot = by_instance_.find(id.substr(id.rfind('/') + 1));
    if (slot != by_instance_.end()) remove(slot->second, change);
  }
}

void GroupTargets::on_fact(TimePoint at, const Fact& fact, const Change& change) {
  if (const auto* committed = std::get_if<IncreaseSizeCommitted>(&fact)) {
    for (const SlotId slot : committed->slots) add(slot, committed->group, change);
  } else if (const auto* launched = std::get_if<SlotLaunched>(&fact)) {
    by_instance_[launched->instance] = launched->slot;
  } else if (const auto* cancelled = std::get_if<SlotCancelled>(&fact)) {
    remove(cancelled->slot, change);
  } else if (const auto* gone = std::get_if<SlotGone>(&fact)) {
    remove(gone->slot, change);
  } else if (const auto* handled = std::get_if<MutationHandled>(&fact)) {
    const bool deletes = handled->method == "NodeGroupDeleteNodes" && handled->code == 0;
    if (deletes) remove_machines(handled->nodes, change);
  } else if (const auto* node = std::get_if<NodeRegistered>(&fact)) {
    if (at != kTimeZero || node->group.empty()) return;
    const SlotId slot(initial_++);
    by_instance_[node->instance] = slot;
    add(slot, node->group, change);
  }
}

}  // namespace casim::sim

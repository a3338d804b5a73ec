#include "sim/autoscaler/hinting.h"

#include <algorithm>
#include <map>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::size_t kMaxKindsPerOwner = 10;

std::vector<std::vector<PodPtr>> by_priority(const std::vector<PodPtr>& pods) {
  std::map<std::int32_t, std::vector<PodPtr>, std::greater<>> groups;
  for (const PodPtr& pod : pods) groups[pod->spec->priority].push_back(pod);
  std::vector<std::vector<PodPtr>> result;
  for (auto& [priority, group] : groups) result.push_back(std::move(group));
  return result;
}

}  // namespace

bool HintingSimulator::Failures::knows(const PodSpec& spec) const {
  if (spec.owner_uid.empty() || by_owner_.empty()) return false;
  const auto known = by_owner_.find(spec.owner_uid);
  if (known == by_owner_.end()) return false;
  return std::any_of(known->second.begin(), known->second.end(),
                     [&](const PodSpec* other) { return same_spec(*other, spec); });
}

void HintingSimulator::Failures::note(const PodSpec& spec) {
  if (spec.owner_uid.empty() || spec.owner == OwnerKind::kDaemonSet) return;
  std::vector<const PodSpec*>& kinds = by_owner_[spec.owner_uid];
  if (kinds.size() < kMaxKindsPerOwner) kinds.push_back(&spec);
}

std::vector<HintingSimulator::Placement> HintingSimulator::place(Snapshot& snapshot,
                                                                 const std::vector<PodPtr>& pods,
                                                                 const Acceptable& acceptable,
                                                                 bool break_on_failure) {
  std::vector<Placement> placed;
  Failures failures;
  // Before 1.37 all hints went before all scans.
  using Groups = std::vector<std::vector<PodPtr>>;
  const Groups groups = goes_by_priority_ ? by_priority(pods) : Groups{pods};
  for (const std::vector<PodPtr>& group : groups) {
    std::vector<PodPtr> rest;
    for (const PodPtr& pod : group) {
      if (!place_by_hint(snapshot, pod, acceptable, placed)) rest.push_back(pod);
    }
    for (const PodPtr& pod : rest) {
      const bool fits = place_by_scan(snapshot, pod, acceptable, failures, placed);
      if (!fits && break_on_failure) break;
    }
  }
  return placed;
}

bool HintingSimulator::place_by_hint(Snapshot& snapshot, const PodPtr& pod,
                                     const Acceptable& acceptable, std::vector<Placement>& placed) {
  auto hint = current_.find(pod->id);
  if (hint == current_.end()) {
    hint = old_.find(pod->id);
    if (hint == old_.end()) return false;
  }
  const std::optional<Slot> slot = snapshot.find(hint->second);
  if (!slot || !acceptable(*slot, snapshot.info(*slot))) return false;
  if (check(snapshot, *pod->spec, snapshot.info(*slot)) != Misfit::kNone) return false;
  remember(pod->id, hint->second);
  snapshot.place(*slot, pod);
  placed.push_back({pod, *slot});
  return true;
}

bool HintingSimulator::place_by_scan(Snapshot& snapshot, const PodPtr& pod,
                                     const Acceptable& acceptable, Failures& failures,
                                     std::vector<Placement>& placed) {
  const PodSpec& spec = *pod->spec;
  if (failures.knows(spec)) return false;
  const PodTopology topology = topology_of(snapshot, spec);
  const std::optional<Slot> slot = snapshot.scan([&](Slot candidate, const NodeInfo& node) {
    return !node.node->unschedulable && acceptable(candidate, node) &&
           check(snapshot, topology, spec, node) == Misfit::kNone;
  });
  if (!slot) {
    failures.note(spec);
    return false;
  }
  remember(pod->id, snapshot.info(*slot).node->name);
  snapshot.place(*slot, pod);
  placed.push_back({pod, *slot});
  return true;
}

void HintingSimulator::drop_old_hints() {
  old_ = std::move(current_);
  current_.clear();
}

}  // namespace casim::sim

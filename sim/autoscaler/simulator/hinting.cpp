#include "sim/autoscaler/simulator/hinting.h"

#include <algorithm>
#include <map>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::size_t kMaxSpecsPerOwner = 10;

using Group = std::vector<std::size_t>;

std::vector<Group> by_priority(const std::vector<PodPtr>& pods) {
  std::map<std::int32_t, Group, std::greater<>> groups;
  Group* group = nullptr;
  std::int32_t priority = 0;
  for (std::size_t i = 0; i < pods.size(); ++i) {
    if (group == nullptr || pods[i]->spec->priority != priority) {
      priority = pods[i]->spec->priority;
      group = &groups[priority];
    }
    group->push_back(i);
  }
  std::vector<Group> result;
  for (auto& [key, members] : groups) result.push_back(std::move(members));
  return result;
}

bool looks_at_pods(const PodSpec& spec) {
  return !spec.pod_affinity.empty() || !spec.topology_spread.empty();
}

}  // namespace

bool HintingSimulator::SimilarPods::is_unschedulable(const PodSpec& spec) const {
  if (spec.owner_uid.empty() || by_owner_.empty()) return false;
  const auto known = by_owner_.find(spec.owner_uid);
  if (known == by_owner_.end()) return false;
  return std::any_of(known->second.begin(), known->second.end(),
                     [&](const PodSpec* other) { return same_spec(*other, spec); });
}

void HintingSimulator::SimilarPods::set_unschedulable(const PodSpec& spec) {
  if (spec.owner_uid.empty() || spec.owner == OwnerKind::kDaemonSet) return;
  std::vector<const PodSpec*>& specs = by_owner_[spec.owner_uid];
  if (specs.size() < kMaxSpecsPerOwner) specs.push_back(&spec);
}

std::vector<HintingSimulator::Placement> HintingSimulator::place(Snapshot& snapshot,
                                                                 const std::vector<PodPtr>& pods,
                                                                 const Acceptable& acceptable,
                                                                 bool break_on_failure) {
  Call call{snapshot, pods, acceptable, {}, {}, {}, {}, nullptr, std::nullopt};
  if (goes_by_priority_) {
    for (const Group& group : by_priority(pods)) place_group(call, group, break_on_failure);
  } else {
    place_in_turn(call, break_on_failure);
  }
  return std::move(call.placed);
}

void HintingSimulator::place_in_turn(Call& call, bool break_on_failure) {
  for (std::size_t index = 0; index < call.pods.size(); ++index) {
    const bool fits = place_by_hint(call, index) || place_by_scan(call, index);
    if (!fits && break_on_failure) return;
  }
}

void HintingSimulator::place_group(Call& call, const Group& group, bool break_on_failure) {
  Group rest;
  for (const std::size_t index : group) {
    if (!place_by_hint(call, index)) rest.push_back(index);
  }
  for (const std::size_t index : rest) {
    const bool fits = place_by_scan(call, index);
    if (!fits && break_on_failure) return;
  }
}

bool HintingSimulator::place_by_hint(Call& call, std::size_t index) {
  const PodPtr& pod = call.pods[index];
  const auto hint = hints_.find(pod->id);
  if (hint == hints_.end() || hint->second.round + 1 < round_) return false;
  if (call.hinted != hint->second.node) {
    call.hinted = hint->second.node;
    call.hinted_slot = call.snapshot.find(*call.hinted);
  }
  if (!call.hinted_slot) return false;
  const Slot slot = *call.hinted_slot;
  if (!call.acceptable(slot, call.snapshot.info(slot))) return false;
  if (run_filters(call.snapshot, *pod->spec, call.snapshot.info(slot)) != FailedFilter::kNone)
    return false;
  hint->second.round = round_;
  call.snapshot.place(slot, pod);
  call.placed.push_back({index, slot});
  return true;
}

bool HintingSimulator::place_by_scan(Call& call, std::size_t index) {
  const PodPtr& pod = call.pods[index];
  const PodSpec& spec = *pod->spec;
  if (call.unschedulable.contains(&spec) || call.similar.is_unschedulable(spec)) return false;
  const std::optional<Slot> slot = scan(call, spec);
  if (!slot) {
    call.similar.set_unschedulable(spec);
    if (!looks_at_pods(spec)) call.unschedulable.insert(&spec);
    return false;
  }
  remember(pod->id, call.snapshot.info(*slot).node);
  call.snapshot.place(*slot, pod);
  call.placed.push_back({index, *slot});
  return true;
}

// Jobs of one shape have specs of their own: where one was refused, no node is asked again.
std::optional<Slot> HintingSimulator::scan(Call& call, const PodSpec& spec) {
  constexpr std::size_t kMaxMisfits = 8;
  const bool is_alone = !looks_at_pods(spec) && spec.pod_anti_affinity.empty() &&
                        call.snapshot.anti_affinity_pods() == 0;
  if (is_alone && std::ranges::any_of(call.misfits, [&](const PodSpec* other) {
        return same_for_nodes(*other, spec);
      })) {
    call.snapshot.scan_in_vain();
    return std::nullopt;
  }
  const PreFilterState pre_filter = run_pre_filter(call.snapshot, spec);
  const std::optional<Slot> slot = call.snapshot.scan([&](Slot candidate, const NodeInfo& node) {
    return !node.node->unschedulable && call.acceptable(candidate, node) &&
           run_filters(pre_filter, spec, node) == FailedFilter::kNone;
  });
  if (!slot && is_alone && call.misfits.size() < kMaxMisfits) call.misfits.push_back(&spec);
  return slot;
}

void HintingSimulator::end_round() {
  // Old hints are swept out when they have come to outnumber what a round gives.
  constexpr std::size_t kSweepFrom = 64;
  if (hints_.size() >= kSweepFrom && hints_.size() > 2 * kept_) {
    erase_if(hints_, [this](const auto& entry) { return entry.second.round < round_; });
    kept_ = hints_.size();
  }
  ++round_;
}

}  // namespace casim::sim

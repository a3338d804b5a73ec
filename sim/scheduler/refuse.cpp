// Why a class's pod finds no node: pods elsewhere, nominated pods, and what is said about it.
#include <algorithm>
#include <bit>

#include "sim/scheduler/candidates.h"
#include "src/core/random.h"

namespace casim::sim {

// Nominated pods of no lower priority count as if they were there already
// [k8s: RunFilterPluginsWithNominatedPods].
bool ClassCandidates::is_reserved(const SchedulerNodeInfo& room) const {
  return std::any_of(room.nominated.begin(), room.nominated.end(), [&](const NominatedPod& one) {
    return one.spec->priority >= class_.spec->priority;
  });
}

SchedulerNodeInfo ClassCandidates::with_nominated(const SchedulerNodeInfo& room) const {
  SchedulerNodeInfo full = room;
  for (const NominatedPod& one : room.nominated) {
    if (one.spec->priority < class_.spec->priority) continue;
    add_pod_to(full, {one.id, one.spec, {}});
  }
  return full;
}

// Once with the nominated pods, and once without those who may never come.
Reasons ClassCandidates::refuse_nominated(NodeId node, const ClassTopology::Extra& extra) const {
  ClassTopology::Extra full = extra;
  for (const NominatedPod& one : nodes_[node].nominated) {
    if (one.spec->priority < class_.spec->priority) continue;
    topology_.add(full, node, nodes_.group_of(one.spec), nodes_.affinity_group_of(one.spec), 1);
  }
  const Reasons reasons = topology_.refuse(node, full);
  return reasons != 0 ? reasons : topology_.refuse(node, extra);
}

Reasons ClassCandidates::judge_trial(NodeId node, const SchedulerNodeInfo& room,
                                     const ClassTopology::Extra& extra) const {
  const Reasons reasons = is_reserved(room)
                              ? judge_ports_and_resources(class_, with_nominated(room))
                              : judge_ports_and_resources(class_, room);
  if (reasons != 0 || !topology_.has_filters()) return reasons;
  return refuse_nominated(node, extra);
}

// What pods elsewhere have against each kind of node, at the decision at hand.
void ClassCandidates::judge_kinds() {
  filters_ = topology_.has_filters();
  if (!filters_) return;
  for (KindState& kind : kinds_) {
    if (kind.nodes > 0) kind.refused = refuse(kind);
  }
}

Reasons ClassCandidates::refuse(const KindState& kind) const {
  if (!kind.key.nominated.is_valid()) return topology_.refuse(kind.place);
  return refuse_nominated(kind.key.nominated, ClassTopology::Extra(topology_.size()));
}

Refusal ClassCandidates::refusal() const {
  std::array<std::int64_t, kReasonCount> counts{};
  std::copy(refused_.begin(), refused_.end(), counts.begin());
  std::int64_t resolvable = resolvable_;
  for (const KindState& kind : kinds_) {
    if (!filters_ || kind.nodes == 0 || kind.refused == 0) continue;
    const auto bit = static_cast<std::size_t>(std::countr_zero(kind.refused));
    counts[bit] += kind.nodes;
    if ((kind.refused & kUnresolvable) == 0) resolvable += kind.nodes;
  }
  Refusal result;
  result.message = size_;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Reasons reason = Reasons{1} << i;
    if (reason == kTooBig) continue;
    if (counts[i] == 0) continue;
    result.reasons |= reason;
    const auto count = static_cast<std::uint64_t>(counts[i]);
    result.message = hash_combine(result.message, count * kReasonCount + i);
  }
  result.resolvable = static_cast<std::size_t>(resolvable);
  return result;
}

Reasons ClassCandidates::reasons_of(NodeId node) const {
  const Verdict verdict = verdicts_[node.value()];
  if (verdict == kUnknown) return 0;
  if (verdict < 0) return static_cast<Reasons>(-verdict);
  return filters_ ? kinds_[kind_of_node_[node.value()]].refused : 0;
}

std::vector<NodeId> ClassCandidates::resolvable() const {
  std::vector<NodeId> found;
  for (const NodeId node : nodes_.order()) {
    const Reasons reasons = reasons_of(node);
    if (reasons != 0 && (reasons & kUnresolvable) == 0) found.push_back(node);
  }
  return found;
}

}  // namespace casim::sim

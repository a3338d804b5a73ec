// What the scheduler does about pods of lower priority: chooses victims, keeps their node for the
// pod that they make room for, and deletes them beside the serial loop. Source: algorithm 5.1
// [k8s: framework/preemption/executor.go, backend/queue/nominator.go].
#include <algorithm>
#include <cassert>

#include "sim/scheduler/core.h"
#include "src/core/random.h"

namespace casim::sim {

namespace {

// Reasons that a preemption is not even tried for; part of the status message.
constexpr std::uint64_t kNever = 1;
constexpr std::uint64_t kVictimsTerminate = 2;

}  // namespace

// Not while victims of an earlier preemption are still terminating on the nominated node, unless
// that node would no longer do.
bool Scheduler::Core::may_preempt(const QueuedPod& pod, const ClassCandidates& among,
                                  Refusal& refusal) const {
  if (!pod.spec->preempts) {
    refusal.message = hash_combine(refusal.message, kNever);
    return false;
  }
  const NodeId node = nodes_.find(pod.nominated_node);
  if (!node.is_valid()) return true;
  const bool is_target = pod.target_node.empty() || pod.target_node == pod.nominated_node;
  if (!is_target || (among.reasons_of(node) & kUnresolvable) != 0) return true;
  const std::vector<PodOnNode>& pods = nodes_[node].pods;
  const bool any = std::any_of(pods.begin(), pods.end(), [&](const PodOnNode& one) {
    return one.spec->priority < pod.spec->priority && one.state.is_terminating &&
           one.state.is_preempted;
  });
  if (any) refusal.message = hash_combine(refusal.message, kVictimsTerminate);
  return !any;
}

std::vector<NodeId> Scheduler::Core::potential_nodes(const QueuedPod& pod,
                                                     const ClassCandidates& among,
                                                     const Refusal& refusal) const {
  if (pod.target_node.empty()) return among.resolvable();
  if (refusal.resolvable == 0) return {};
  return {nodes_.find(pod.target_node)};
}

std::optional<std::string> Scheduler::Core::preempt(QueuedPod& pod, Refusal& refusal,
                                                    EvictionPtr& eviction) {
  ClassCandidates& among = candidates(pod.pod_class);
  if (!may_preempt(pod, among, refusal)) return std::nullopt;
  const bool any_lower = refusal.resolvable > 0 && nodes_.any_pod_below(pod.spec->priority);
  std::uint64_t message = Preemption::nobody_is_lower(refusal.resolvable);
  ClassEntry& kept = class_entries_[pod.pod_class.value()];
  const bool is_in_vain = pod.target_node.empty() && kept.in_vain_at == nodes_.end_change();
  std::optional<Victims> victims;
  if (any_lower && is_in_vain) {
    message = kept.in_vain_message;
  } else if (any_lower) {
    victims = preemption_.find(among, classes_[pod.pod_class], potential_nodes(pod, among, refusal),
                               pod.key, static_cast<std::uint64_t>(pod.failures), message);
  }
  if (!victims) {
    if (pod.target_node.empty()) {
      kept.in_vain_at = nodes_.end_change();
      kept.in_vain_message = message;
    }
    refusal.message = hash_combine(refusal.message, message);
    return "";
  }
  ++stats.preemptions;
  eviction = make_eviction(pod, *victims);
  pod.is_preempting = eviction != nullptr;
  pod.last_victim = PodId();
  return nodes_[victims->node].node->name;
}

Scheduler::Core::EvictionPtr Scheduler::Core::make_eviction(const QueuedPod& pod,
                                                            const Victims& victims) const {
  auto made = std::make_shared<Eviction>();
  made->preemptor = pod.id;
  for (const PodOnNode& victim : victims.pods) {
    if (!victim.state.is_terminating) made->victims.push_back(victim);
  }
  if (made->victims.empty()) return nullptr;
  for (const NominatedPod& other : nodes_[victims.node].nominated) {
    if (other.spec->priority < pod.spec->priority) made->cleared.push_back(other.id);
  }
  return made;
}

// --- beside the loop: nominations of lower priority are taken back one by one, then all victims
// but one go at once, then the last

void Scheduler::Core::clear_next(const EvictionPtr& eviction) {
  while (!eviction->cleared.empty()) {
    const PodId pod = eviction->cleared.front();
    eviction->cleared.erase(eviction->cleared.begin());
    const QueuedPod* const waiting = find_waiting(pod);
    if (!waiting || waiting->nominated_node.empty()) continue;
    api_.nominate(pod, "", [this, alive = alive_, eviction](Result<void>) {
      if (*alive) clear_next(eviction);
    });
    return;
  }
  evict_all(eviction);
}

void Scheduler::Core::evict_all(const EvictionPtr& eviction) {
  eviction->open = eviction->victims.size() - 1;
  if (eviction->open == 0) return evict_last(eviction);
  for (std::size_t i = 0; i + 1 < eviction->victims.size(); ++i) {
    evict(eviction->victims[i], [this, eviction] {
      if (--eviction->open == 0) evict_last(eviction);
    });
  }
}

void Scheduler::Core::evict_last(const EvictionPtr& eviction) {
  const PodOnNode& last = eviction->victims.back();
  if (QueuedPod* const pod = find_waiting(eviction->preemptor)) pod->last_victim = last.id;
  evict(last, [this, eviction] {
    QueuedPod* const pod = find_waiting(eviction->preemptor);
    if (pod) pod->is_preempting = false;
  });
}

// The condition DisruptionTarget first, then the deletion.
void Scheduler::Core::evict(const PodOnNode& victim, const std::function<void()>& then) {
  ++stats.victims;
  const auto remove = [this, id = victim.id, grace = victim.spec->grace, then] {
    api_.delete_pod(id, PodEnd::kPreempted, grace, [alive = alive_, then](Result<void>) {
      if (*alive) then();
    });
  };
  if (victim.state.is_preempted) return remove();
  api_.mark_preempted(victim.id, [alive = alive_, remove, then](Result<void> marked) {
    if (!*alive) return;
    marked ? remove() : then();  // gone already
  });
}

// --- nominations

QueuedPod* Scheduler::Core::find_waiting(PodId pod) {
  const auto found = pods_.find(pod);
  if (found == pods_.end() || !found->second.waiting.is_valid()) return nullptr;
  return &queue_[found->second.waiting];
}

// Until the last victim's deletion is seen to have begun.
bool Scheduler::Core::is_preempting(const QueuedPod& pod) const {
  if (!pod.is_preempting) return false;
  if (!pod.last_victim.is_valid()) return true;
  const auto victim = pods_.find(pod.last_victim);
  if (victim == pods_.end() || !victim->second.node.is_valid()) return false;
  const std::vector<PodOnNode>& pods = nodes_[victim->second.node].pods;
  return std::any_of(pods.begin(), pods.end(), [&](const PodOnNode& one) {
    return one.id == pod.last_victim && !one.state.is_terminating;
  });
}

// Empty, or a node that is not there: nothing is kept for the pod.
void Scheduler::Core::set_nomination(PodId id, const PodSpecPtr& spec, const std::string& node) {
  PodEntry& known = pods_.at(id);
  if (known.nominated.is_valid()) nodes_.take_back_nomination(known.nominated, id);
  known.nominated = node.empty() ? NodeId() : nodes_.find(node);
  if (known.nominated.is_valid()) nodes_.nominate(known.nominated, id, spec);
}

// What was nominated before counts as gone for pods that are no more important.
void Scheduler::Core::show_nomination(const Pod& pod) {
  QueuedPod& waiting = queue_[pods_.at(pod.id).waiting];
  const std::string before = std::exchange(waiting.nominated_node, pod.nominated_node);
  if (before == pod.nominated_node) return;
  set_nomination(pod.id, pod.spec, pod.nominated_node);
  if (!before.empty()) move_for_gone_pod(*pod.spec, pod.spec->priority);
}

}  // namespace casim::sim

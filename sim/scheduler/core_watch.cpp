// What the scheduler does with what its watch shows.
#include <cassert>

#include "sim/scheduler/core.h"
#include "src/core/random.h"

namespace casim::sim {

void Scheduler::Core::on(const PodChanged& event) {
  const Pod& pod = event.pod;
  const auto found = pods_.find(pod.id);
  if (pod.node.is_valid()) {
    PodEntry& known = found != pods_.end() ? found->second : pods_[pod.id];
    show_on_node(pod, known);
    return;
  }
  if (found == pods_.end()) {
    if (pod.spec->scheduler_name == config_.name) enqueue(pod);
    return;
  }
  const PodEntry& known = found->second;
  if (pod.spec != queue_[known.waiting].spec) show_claims(pod, known.waiting);
  if (!pod.gated && queue_[known.waiting].place == QueuePlace::kGated) {
    queue_.ungate(known.waiting);
    wake();
  }
  if (!known.assumed) show_nomination(pod);
}

void Scheduler::Core::enqueue(const Pod& pod) {
  QueuedPod waiting;
  waiting.id = pod.id;
  waiting.spec = pod.spec;
  waiting.key = hash_bytes(pod.name);
  waiting.pod_class = classes_.of(pod.spec);
  waiting.classes_seen = classes_.version();
  waiting.target_node = pod.target_node;
  waiting.has_condition = pod.unschedulable;
  pods_[pod.id].waiting = queue_.add(std::move(waiting), pod.gated);
  show_nomination(pod);
  if (!pod.gated) wake();
}

// Its claims have volumes now. It is tried again if these had kept it from nodes before, when they
// were only assumed [k8s: volumebinding isSchedulableAfterPersistentVolumeClaimChange].
void Scheduler::Core::show_claims(const Pod& pod, QueueHandle handle) {
  QueuedPod& waiting = queue_[handle];
  const bool was_kept = !classes_[waiting.pod_class].spec->volume_zone.empty();
  waiting.spec = pod.spec;
  waiting.pod_class = classes_.of(pod.spec);
  waiting.classes_seen = classes_.version();
  if (!was_kept || waiting.place != QueuePlace::kUnschedulable) return;
  move(false, [&](const QueuedPod& other) {
    return other.id == pod.id && (other.rejected & kAffinity) != 0;
  });
}

void Scheduler::Core::show_on_node(const Pod& pod, PodEntry& known) {
  const bool is_new = known.assumed || known.node != pod.node;
  if (known.node != pod.node) {
    // Bound by somebody else, or a pod that was there before us.
    if (known.node.is_valid()) nodes_.remove_pod(known.node, pod.id);
    known.node = pod.node;
    nodes_.add_pod(pod.node, pod.id, pod.spec);
    claims_.bind(*pod.spec, pod.spec->volume_zone);
  }
  known.assumed = false;
  set_nomination(pod.id, pod.spec, "");
  forget_waiting(known);
  nodes_.update_pod(pod.node, pod.id,
                    {pod.deletion_timestamp.has_value(), pod.preempted,
                     pod.start_time.value_or(WallTime::max())});
  if (is_new) move_for_bound_pod(*pod.spec);
}

void Scheduler::Core::forget_waiting(PodEntry& known) {
  if (!known.waiting.is_valid()) return;
  queue_.remove(known.waiting);
  known.waiting = QueueHandle();
}

void Scheduler::Core::on(const PodRemoved& event) {
  const auto found = pods_.find(event.last.id);
  if (found == pods_.end()) return;
  const bool was_nominated = !event.last.nominated_node.empty();
  set_nomination(event.last.id, event.last.spec, "");
  PodEntry known = found->second;
  if (known.assumed) claims_.release(*event.last.spec);
  pods_.erase(found);
  forget_waiting(known);
  if (known.node.is_valid()) {
    nodes_.remove_pod(known.node, event.last.id);
    move_for_gone_pod(*event.last.spec);
  } else if (was_nominated) {
    move_for_gone_pod(*event.last.spec, event.last.spec->priority);
  }
}

void Scheduler::Core::on(const NodeChanged& event) {
  const NodeId id = event.node->id;
  NodePtr old = nodes_.find(event.node->name) == id ? nodes_[id].node : nullptr;
  nodes_.put(event.node);
  const NodeEvent change = node_event(std::move(old), event.node);
  if (change.can_help()) move_for_node(change);
}

void Scheduler::Core::on(const NodeRemoved& event) {
  if (queue_.has_unschedulable_for(kAnySpread)) {
    move(false, [&](const QueuedPod& pod) {
      return helps_node_gone(*event.last, classes_[pod.pod_class], pod.rejected);
    });
  }
  nodes_.remove(event.last->id);
}

void Scheduler::Core::on(const PdbChanged& event) { preemption_.put(event.pdb); }

template <class Helps>
void Scheduler::Core::move(bool is_pod_gone, Helps helps) {
  const bool any = queue_.move([&](QueuedPod& pod) {
    if (pod.is_held && !is_pod_gone) return false;
    if (!helps(pod)) return false;
    pod.is_held = is_preempting(pod);
    return !pod.is_held;
  });
  if (any) wake();
}

void Scheduler::Core::move_for_gone_pod(const PodSpec& gone, std::int32_t up_to_priority) {
  move(true, [&](const QueuedPod& pod) {
    return pod.spec->priority <= up_to_priority &&
           helps_pod_gone(gone, classes_[pod.pod_class], pod.rejected);
  });
}

void Scheduler::Core::move_for_bound_pod(const PodSpec& bound) {
  if (!queue_.has_unschedulable_for(kAnySpread | kAnyPodAffinity)) return;
  move(false, [&](const QueuedPod& pod) {
    return helps_pod_bound(bound, classes_[pod.pod_class], pod.rejected);
  });
}

// The answer is the same for all pods of a class that were refused for the same reasons.
void Scheduler::Core::move_for_node(const NodeEvent& event) {
  std::map<std::pair<ClassId, Reasons>, bool> known;
  move(false, [&](const QueuedPod& pod) {
    const PodClass& pod_class = classes_[pod.pod_class];
    if (!pod.target_node.empty()) {
      return helps(event, pod_class, pod.rejected, pod.target_node);
    }
    const auto [at, is_new] = known.try_emplace({pod.pod_class, pod.rejected}, false);
    if (is_new) at->second = helps(event, pod_class, pod.rejected, pod.target_node);
    return at->second;
  });
}

}  // namespace casim::sim

#include "sim/workloads/replica_set_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

ReplicaSetController::ReplicaSetController(ApiServer& api, ApiClientConfig client,
                                           const Random& random, WorkloadObserver& observer)
    : api_(api), control_(api, std::move(client)), random_(random), observer_(observer) {}

void ReplicaSetController::create(ReplicaSet set) {
  assert(set.pods.spec->owner_uid == set.owner.uid);
  const auto [made, is_new] = sets_.try_emplace(set.owner.uid);
  assert(is_new);
  made->second.pods = std::move(set.pods);
  api_.put_owner(std::move(set.owner));
  resize(made->second, set.replicas);
}

void ReplicaSetController::scale(const std::string& uid, std::uint64_t replicas) {
  const auto found = sets_.find(uid);
  assert(found != sets_.end());
  resize(found->second, replicas);
}

void ReplicaSetController::resize(Set& set, std::uint64_t replicas) {
  const WorkloadStatus before = status_of(set);
  set.replicas = replicas;
  observer_.on_status(before, status_of(set));
  sync(set);
}

void ReplicaSetController::on_listed() {
  is_listed_ = true;
  for (auto& [uid, set] : sets_) sync(set);
}

void ReplicaSetController::on_pod_changed(const Pod& pod) {
  if (pod.deletion_timestamp || pod.succeeded || pod.failed) return lose(pod);
  Set* set = set_of(pod);
  if (set == nullptr) return;
  const auto [seen, is_new] = set->active.try_emplace(pod.id.value());
  ActivePod& active = seen->second;
  active.node = pod.node;
  if (pod.running && !active.ready_since) {
    const WorkloadStatus before = status_of(*set);
    active.ready_since = cut_to_second(now());
    ++set->ready;
    ++ready_;
    observer_.on_status(before, status_of(*set));
  }
  if (!is_new) return;
  active.created = pod.creation_timestamp;
  if (set->pending > 0) --set->pending;
  set->next = std::max(set->next, control_.life(pod.id).index - set->pods.first_index + 1);
  sync(*set);
}

void ReplicaSetController::on_pod_removed(const Pod& last) { lose(last); }

void ReplicaSetController::lose(const Pod& pod) {
  Set* set = set_of(pod);
  if (set == nullptr) return;
  const auto found = set->active.find(pod.id.value());
  if (found == set->active.end()) return;  // lost already, when its deletion began
  const WorkloadStatus before = status_of(*set);
  if (found->second.is_surplus) --set->surplus;
  if (found->second.ready_since) {
    --set->ready;
    --ready_;
  }
  set->active.erase(found);
  observer_.on_status(before, status_of(*set));
  if (is_listed_ && staying(*set) < set->replicas) {
    create_pod(*set, control_.replacement_of(pod));
  }
  sync(*set);
}

void ReplicaSetController::sync(Set& set) {
  if (!is_listed_) return;
  while (staying(set) < set.replicas) create_pod(set, set.pods.pod(set.next++));
  const std::uint64_t surplus = staying(set) - set.replicas;
  if (surplus > 0 && set.pending == 0) delete_surplus(set, surplus);
}

void ReplicaSetController::create_pod(Set& set, NewPod pod) {
  ++set.pending;
  control_.create(std::move(pod));
}

void ReplicaSetController::delete_surplus(Set& set, std::uint64_t count) {
  std::map<NodeId, std::uint64_t> on_node;
  for (const auto& [id, pod] : set.active) ++on_node[pod.node];
  std::vector<DeletionCandidate> candidates;
  for (const auto& [id, pod] : set.active) {
    if (!pod.is_surplus) candidates.push_back(candidate(PodId(id), pod, on_node[pod.node]));
  }
  for (const PodId id : choose_to_delete(std::move(candidates), count)) {
    set.active.at(id.value()).is_surplus = true;
    ++set.surplus;
    control_.remove(id);
  }
}

DeletionCandidate ReplicaSetController::candidate(PodId id, const ActivePod& pod,
                                                  std::uint64_t on_node) const {
  const PodLife& life = control_.life(id);
  DeletionCandidate out;
  out.pod = id;
  out.assigned = pod.node.is_valid();
  out.ready = pod.ready_since.has_value();
  out.on_node = on_node;
  if (pod.ready_since) out.ready_for = now() - *pod.ready_since;
  out.age = now() - pod.created;
  out.uid = random_.bits("workloads.pod_uid", hash_combine(life.workload.value(), life.index),
                         life.incarnation);
  return out;
}

WorkloadStatus ReplicaSetController::status_of(const Set& set) {
  return {set.pods.workload, set.pods.first_index, set.replicas, set.ready};
}

std::uint64_t ReplicaSetController::staying(const Set& set) {
  return set.active.size() - set.surplus + set.pending;
}

ReplicaSetController::Set* ReplicaSetController::set_of(const Pod& pod) {
  const auto found = sets_.find(pod.spec->owner_uid);
  return found == sets_.end() ? nullptr : &found->second;
}

WallTime ReplicaSetController::now() const { return api_.kernel().wall(api_.kernel().now()); }

}  // namespace casim::sim

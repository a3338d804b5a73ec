#include "sim/workloads/replica_set_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

namespace {

constexpr int kReplicaSetWorkers = 5;            // --concurrent-replicaset-syncs
constexpr std::uint64_t kMostPodsPerSync = 500;  // BurstReplicas

}  // namespace

ReplicaSetController::ReplicaSetController(ApiServer& api, ApiClientConfig client,
                                           WorkloadObserver& observer)
    : api_(api),
      control_(api, std::move(client)),
      observer_(observer),
      queue_(api.kernel(), kReplicaSetWorkers, [this](Key key) { sync(key); }) {}

// --- what is wanted

void ReplicaSetController::create(ReplicaSet given) {
  assert(given.pods.spec->owner_uid == given.owner.uid);
  const Key key = static_cast<Key>(sets_.size());
  const bool is_new = keys_.try_emplace(given.owner.uid, key).second;
  assert(is_new);
  static_cast<void>(is_new);
  Set& set = *sets_.emplace_back(std::make_unique<Set>());
  set.key = key;
  set.owner = std::move(given.owner);
  set.pods = std::move(given.pods);
  set.min_ready = given.min_ready;
  set.controller = std::move(given.controller);
  auto& family = families_[set.controller.empty() ? set.owner.uid : set.controller];
  if (!family) family = std::make_unique<Family>();
  set.family = family.get();
  set.family->sets.push_back(&set);
  const WorkloadStatus before = status_of(set);
  set.state.replicas = given.replicas;
  tell(set, before);
  put(set);
  if (is_listed_) queue_.add(key);
}

void ReplicaSetController::scale(const std::string& uid, std::uint64_t replicas) {
  Set& set = set_of(uid);
  if (set.state.replicas == replicas) return;
  const WorkloadStatus before = status_of(set);
  set.state.replicas = replicas;
  ++set.state.generation;
  tell(set, before);
  put(set);
  if (is_listed_) queue_.add(set.key);
}

void ReplicaSetController::annotate(const std::string& uid) {
  Set& set = set_of(uid);
  put(set);
  if (is_listed_) queue_.add(set.key);
}

void ReplicaSetController::remove(const std::string& uid) {
  Set& set = set_of(uid);
  assert(set.active.empty());
  set.is_removed = true;
  std::erase(set.family->sets, &set);
  api_.remove_owner(uid);
  keys_.erase(uid);
}

const ReplicaSetState& ReplicaSetController::state(const std::string& uid) const {
  return sets_[keys_.at(uid)]->state;
}

std::uint64_t ReplicaSetController::pods(const std::string& uid) const {
  const Set& set = *sets_[keys_.at(uid)];
  return set.active.size() + set.terminating.size();
}

std::string ReplicaSetController::deployment_of(const std::string& uid) const {
  const auto found = keys_.find(uid);
  return found == keys_.end() ? "" : sets_[found->second]->controller;
}

// A new version of the object.
void ReplicaSetController::put(Set& set) {
  ++set.state.version;
  set.owner.replicas = static_cast<int>(set.state.replicas);
  set.owner.current_replicas = static_cast<int>(set.state.status.replicas);
  api_.put_owner(set.owner);
  if (!set.controller.empty() && changed_) changed_(set.controller);
}

// --- what is seen

// What is there from the start was counted and written before.
void ReplicaSetController::on_listed() {
  is_listed_ = true;
  for (const auto& set : sets_) {
    const ReplicaSetStatus seen = seen_status(*set);
    if (seen.replicas == set->state.replicas && seen != set->state.status) {
      set->state.status = seen;
      put(*set);
    }
    queue_.add(set->key);
  }
}

void ReplicaSetController::on_pod_changed(const Pod& pod) {
  Set* set = set_of(pod);
  if (set == nullptr) return;
  const bool has_finished = pod.succeeded || pod.failed;
  if (has_finished || pod.deletion_timestamp) return lose(*set, pod, !has_finished);
  note_active(*set, pod);
}

void ReplicaSetController::on_pod_removed(const Pod& last) {
  Set* set = set_of(last);
  if (set != nullptr) lose(*set, last, false);
}

void ReplicaSetController::note_active(Set& set, const Pod& pod) {
  const auto [seen, is_new] = set.active.try_emplace(pod.id.value());
  ActivePod& active = seen->second;
  const bool was_ready = active.ready_since.has_value();
  const bool is_ready = pod.ready_since.has_value();
  active.node = pod.node;
  active.running = pod.running;
  active.ready_since = pod.ready_since;
  if (was_ready != is_ready) {
    const WorkloadStatus before = status_of(set);
    set.ready += is_ready ? 1 : -1;
    ready_ += is_ready ? 1 : -1;
    tell(set, before);
  }
  if (is_new) {
    set.expected.creation_observed();
    set.family->next =
        std::max(set.family->next, control_.life(pod.id).index - set.pods.first_index + 1);
  }
  // Any event of its pods is a try; the others only cost where there is nothing to do.
  if (is_listed_ && (is_new || was_ready != is_ready || set.has_failed)) queue_.add(set.key);
}

void ReplicaSetController::lose(Set& set, const Pod& pod, bool is_terminating) {
  const auto found = set.active.find(pod.id.value());
  if (found != set.active.end()) {
    const WorkloadStatus before = status_of(set);
    if (found->second.ready_since) {
      --set.ready;
      --ready_;
    }
    if (found->second.is_surplus) {
      set.expected.deletion_observed();
    } else if (is_listed_) {
      set.vacant.push_back(control_.replacement_of(pod));
    }
    set.active.erase(found);
    tell(set, before);
  }
  if (is_terminating) {
    set.terminating.insert(pod.id.value());
  } else {
    set.terminating.erase(pod.id.value());
    const bool is_empty = set.active.empty() && set.terminating.empty();
    if (is_empty && !set.controller.empty() && changed_) changed_(set.controller);
  }
  if (is_listed_) queue_.add(set.key);
}

void ReplicaSetController::tell(const Set& set, const WorkloadStatus& before) {
  if (set.controller.empty()) observer_.on_status(before, status_of(set));
}

// --- what it does

void ReplicaSetController::sync(Key key) {
  Set& set = *sets_[key];
  if (set.is_removed) return queue_.end(key, true);
  const Syncing syncing{key, set.state.version, seen_status(set)};
  if (!set.expected.are_met(api_.kernel().now())) return write_status(syncing, true, false);
  if (set.active.size() < set.state.replicas) return create_pods(syncing);
  set.vacant.clear();
  if (set.active.size() > set.state.replicas) return delete_surplus(syncing);
  write_status(syncing, true, false);
}

ReplicaSetStatus ReplicaSetController::seen_status(const Set& set) const {
  ReplicaSetStatus status;
  status.replicas = set.active.size();
  status.ready = status.available = set.ready;
  status.terminating = set.terminating.size();
  status.observed_generation = set.state.generation;
  if (set.min_ready > Duration{}) {
    status.available =
        static_cast<std::uint64_t>(std::ranges::count_if(set.active, [&](const auto& pod) {
          const auto since = pod.second.ready_since;
          return since && *since + set.min_ready <= now();
        }));
  }
  return status;
}

void ReplicaSetController::create_pods(const Syncing& syncing) {
  Set& set = *sets_[syncing.key];
  const std::uint64_t count = std::min(set.state.replicas - set.active.size(), kMostPodsPerSync);
  set.expected.expect_creations(api_.kernel().now(), count);
  slow_start(
      count, [this, &set](SlowStartAnswer answer) { create_pod(set, std::move(answer)); },
      [this, &set, syncing, count](SlowStartResult result) {
        for (std::uint64_t i = result.succeeded; i < count; ++i) set.expected.creation_observed();
        write_status(syncing, result.ok, false);
      });
}

void ReplicaSetController::create_pod(Set& set, SlowStartAnswer answer) {
  NewPod pod;
  if (set.vacant.empty()) {
    pod = set.pods.pod(set.family->next++);
  } else {
    pod = std::move(set.vacant.front());
    set.vacant.pop_front();
  }
  NewPod again = pod;
  control_.create(std::move(pod),
                  [&set, again = std::move(again), answer = std::move(answer)](bool ok) mutable {
                    if (!ok) set.vacant.push_back(std::move(again));
                    answer(ok);
                  });
}

void ReplicaSetController::delete_surplus(const Syncing& syncing) {
  Set& set = *sets_[syncing.key];
  const std::uint64_t count = std::min(set.active.size() - set.state.replicas, kMostPodsPerSync);
  const std::vector<PodId> chosen = choose_to_delete(candidates(set), count);
  set.expected.expect_deletions(api_.kernel().now(), count);
  auto next = std::make_shared<std::size_t>(0);
  all_at_once(
      count,
      [this, &set, chosen, next](SlowStartAnswer answer) {
        const PodId pod = chosen[(*next)++];
        set.active.at(pod.value()).is_surplus = true;
        control_.remove(pod, [&set, pod, answer = std::move(answer)](bool ok) {
          const auto found = set.active.find(pod.value());
          if (!ok && found != set.active.end()) {
            found->second.is_surplus = false;
            set.expected.deletion_observed();
          }
          answer(true);  // one that is gone is no error
        });
      },
      [this, syncing](SlowStartResult) { write_status(syncing, true, false); });
}

std::vector<DeletionCandidate> ReplicaSetController::candidates(const Set& set) const {
  std::map<NodeId, std::uint64_t> on_node;
  for (const Set* related : set.family->sets) {
    for (const auto& [id, pod] : related->active) ++on_node[pod.node];
  }
  std::vector<DeletionCandidate> out;
  for (const auto& [id, active] : set.active) {
    const Pod* pod = api_.cluster().find_pod(PodId(id));
    DeletionCandidate& one = out.emplace_back();
    one.pod = PodId(id);
    one.assigned = active.node.is_valid();
    one.running = active.running;
    one.ready = active.ready_since.has_value();
    one.on_node = on_node[active.node];
    if (active.ready_since) one.ready_for = now() - *active.ready_since;
    if (pod == nullptr) continue;  // gone, and nobody has heard of it
    one.deletion_cost = deletion_cost_of(*pod->spec);
    one.restarts = pod->restarts;
    one.age = now() - pod->creation_timestamp;
    one.uid = pod->uid;
  }
  return out;
}

// A write that meets a newer object reads that and tries once more [updateReplicaSetStatus].
void ReplicaSetController::write_status(Syncing syncing, bool ok, bool is_last_try) {
  Set& set = *sets_[syncing.key];
  ReplicaSetStatus next = syncing.status;
  next.failed = !ok;
  set.has_failed = !ok;
  if (next == set.state.status) return end_sync(syncing.key, ok);
  control_.client().write(
      set.owner.uid, set.writes++,
      [this, &set, next, version = syncing.version]() -> Result<void> {
        if (set.state.version != version) return failure(ErrorCode::kConflict, "it has changed");
        set.state.status = next;
        put(set);
        return {};
      },
      [this, &set, syncing, ok, is_last_try](const Result<void>& written) mutable {
        queue_.add(syncing.key);  // its own write is an event, too
        if (written || is_last_try) return end_sync(syncing.key, ok && written.has_value());
        control_.client().touch([this, &set, syncing, ok](const Result<void>&) mutable {
          syncing.version = set.state.version;
          write_status(syncing, ok, true);
        });
      });
}

void ReplicaSetController::end_sync(Key key, bool ok) {
  const Set& set = *sets_[key];
  std::optional<Duration> next;
  if (set.min_ready > Duration{}) {
    for (const auto& [id, pod] : set.active) {
      if (!pod.ready_since) continue;
      const Duration left = *pod.ready_since + set.min_ready - now();
      if (left > Duration{}) next = std::min(next.value_or(left), left);
    }
  }
  if (next) queue_.add_after(key, *next);
  queue_.end(key, ok);
}

WorkloadStatus ReplicaSetController::status_of(const Set& set) {
  return {set.pods.workload, set.pods.first_index, set.state.replicas, set.ready};
}

ReplicaSetController::Set* ReplicaSetController::set_of(const Pod& pod) {
  const auto found = keys_.find(pod.spec->owner_uid);
  return found == keys_.end() ? nullptr : sets_[found->second].get();
}

ReplicaSetController::Set& ReplicaSetController::set_of(const std::string& uid) {
  const auto found = keys_.find(uid);
  assert(found != keys_.end());
  return *sets_[found->second];
}

WallTime ReplicaSetController::now() const { return api_.kernel().wall(api_.kernel().now()); }

}  // namespace casim::sim

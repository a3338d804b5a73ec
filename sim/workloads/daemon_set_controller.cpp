#include "sim/workloads/daemon_set_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/cluster/own_labels.h"

namespace casim::sim {

namespace {

constexpr int kDaemonSetWorkers = 2;              // --concurrent-daemonset-syncs
constexpr std::size_t kMostDaemonsPerSync = 250;  // BurstReplicas
constexpr Duration kFirstBackoff = std::chrono::seconds(1);
constexpr Duration kLongestBackoff = std::chrono::minutes(15);

}  // namespace

DaemonSetController::DaemonSetController(ApiServer& api, ApiClientConfig client,
                                         const Random& random)
    : api_(api),
      control_(api, std::move(client)),
      random_(random),
      queue_(api.kernel(), kDaemonSetWorkers, [this](Key key) { sync(key); }) {}

// --- what is wanted

void DaemonSetController::create(DaemonSet given) {
  const Key key = static_cast<Key>(sets_.size());
  const bool is_new = keys_.try_emplace(given.owner.uid, key).second;
  assert(is_new);
  static_cast<void>(is_new);
  Set& set = *sets_.emplace_back(std::make_unique<Set>());
  set.key = key;
  set.spec = std::move(given);
  set_pod(set, set.spec.pod);
  for (const auto& [name, node] : nodes_) note_node(set, *node);
  if (is_listed_) queue_.add(key);
}

void DaemonSetController::set_template(const std::string& uid, std::string revision, PodSpec pod) {
  Set& set = *set_of(uid);
  if (set.spec.revision == revision) return;
  set.spec.revision = std::move(revision);
  ++set.generation;
  set_pod(set, std::move(pod));
  set.nodes.set_updated([](PodId) { return false; });
  for (const auto& [name, node] : nodes_) note_node(set, *node);
  if (is_listed_) queue_.add(set.key);
}

void DaemonSetController::set_pod(Set& set, PodSpec pod) {
  pod.owner = OwnerKind::kDaemonSet;
  pod.owner_uid = set.spec.owner.uid;
  set_label(pod, kRevisionHashLabel, set.spec.revision);
  pod.tolerations = daemon_tolerations(std::move(pod.tolerations));
  set.pod = std::make_shared<const PodSpec>(std::move(pod));
  put(set);
}

// A new version of the object.
void DaemonSetController::put(Set& set) {
  ++set.version;
  set.spec.owner.daemon_spec = set.pod;
  api_.put_owner(set.spec.owner);
}

const DaemonSetStatus& DaemonSetController::status(const std::string& uid) const {
  return sets_[keys_.at(uid)]->status;
}

std::uint64_t DaemonSetController::ready() const {
  std::uint64_t ready = 0;
  for (const auto& set : sets_) ready += static_cast<std::uint64_t>(set->nodes.ready_pods());
  return ready;
}

// --- what is seen

void DaemonSetController::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    nodes_[changed->node->name] = changed->node;
    for (const auto& set : sets_) note_node(*set, *changed->node);
  } else if (const auto* removed = std::get_if<NodeRemoved>(&event)) {
    nodes_.erase(removed->last->name);
    for (const auto& set : sets_) {
      set->nodes.remove_node(removed->last->name);
      if (is_listed_) queue_.add(set->key);
    }
  }
}

// A node that changes in nothing that decides is no event.
void DaemonSetController::note_node(Set& set, const Node& node) {
  const bool is_news = set.nodes.put_node(node.name, daemon_eligibility(*set.pod, node));
  if (is_listed_ && is_news) queue_.add(set.key);
}

void DaemonSetController::on_listed() {
  is_listed_ = true;
  for (const auto& set : sets_) queue_.add(set->key);
}

void DaemonSetController::on_pod_changed(const Pod& pod) {
  Set* set = set_of(pod.spec->owner_uid);
  if (set == nullptr) return;
  const std::string node = node_of(pod);
  DaemonPod seen;
  seen.id = pod.id;
  seen.updated = pod.spec == set->pod;
  seen.ready = pod.running && pod.ready_since;
  seen.bound = pod.node.is_valid();
  seen.terminating = pod.deletion_timestamp.has_value();
  seen.failed = pod.failed;
  seen.succeeded = pod.succeeded;
  const auto [last, is_new] = set->last.try_emplace(node, pod.id);
  if (is_new || last->second < pod.id) {
    last->second = pod.id;
    set->index_of.try_emplace(node, control_.life(pod.id).index);
    set->expected.creation_observed();
  }
  if (seen.terminating) set->expected.deletion_observed();
  set->nodes.put_pod(node, seen);
  if (is_listed_) queue_.add(set->key);
}

void DaemonSetController::on_pod_removed(const Pod& last) {
  Set* set = set_of(last.spec->owner_uid);
  if (set == nullptr) return;
  set->nodes.remove_pod(node_of(last), last.id);
  set->expected.deletion_observed();
  if (is_listed_) queue_.add(set->key);
}

std::string DaemonSetController::node_of(const Pod& pod) {
  return pod.target_node.empty() ? pod.node_name : pod.target_node;
}

// The first at once; one that comes within its back-off after that has passed once more.
bool DaemonSetController::may_delete_failed(Set& set, const std::string& node) {
  const TimePoint now = api_.kernel().now();
  const auto [found, is_new] = set.backoffs.try_emplace(node);
  Backoff& backoff = found->second;
  if (!is_new && now - backoff.last < backoff.delay) {
    set.nodes.look_at(node);
    queue_.add_after(set.key, backoff.delay);
    return false;
  }
  const bool is_fresh = is_new || now - backoff.last > 2 * kLongestBackoff;
  backoff.delay = is_fresh ? kFirstBackoff : std::min(2 * backoff.delay, kLongestBackoff);
  backoff.last = now;
  control_.events().record(set.spec.owner.uid);
  return true;
}

// --- what it does

// A new template is recorded in a ControllerRevision before anything else.
void DaemonSetController::sync(Key key) {
  Set& set = *sets_[key];
  if (set.recorded == set.spec.revision) return manage(set);
  control_.client().write(
      set.spec.owner.uid, set.writes++, [] { return Result<void>(); },
      [this, &set, revision = set.spec.revision](const Result<void>& written) {
        if (!written) return queue_.end(set.key, false);
        set.recorded = revision;
        manage(set);
      });
}

void DaemonSetController::manage(Set& set) {
  if (!set.expected.are_met(api_.kernel().now()))
    return write_status(set, true, false, set.version);
  const bool allows_surge = set.spec.max_surge.rounded_up(set.nodes.counts().desired) > 0;
  DaemonWrites writes =
      set.nodes.manage(allows_surge, kMostDaemonsPerSync,
                       [&](const std::string& node) { return may_delete_failed(set, node); });
  write_pods(set, std::move(writes), [this, &set](bool ok) {
    if (!ok) return write_status(set, false, false, set.version);
    roll(set);
  });
}

void DaemonSetController::roll(Set& set) {
  const bool is_met = set.expected.are_met(api_.kernel().now());
  if (!is_met || set.nodes.old_pods() == 0) return write_status(set, true, false, set.version);
  const std::int64_t desired = set.nodes.counts().desired;
  const std::int64_t surge = set.spec.max_surge.rounded_up(desired);
  std::int64_t unavailable = set.spec.max_unavailable.rounded_up(desired);
  if (surge == 0 && unavailable == 0) unavailable = 1;
  DaemonWrites writes = set.nodes.roll(surge, unavailable, [&](const std::string& node) {
    return random_.bits("daemon_set.rollout", hash_bytes(set.spec.owner.uid), hash_bytes(node));
  });
  writes.create.resize(std::min(writes.create.size(), kMostDaemonsPerSync));
  writes.remove.resize(std::min(writes.remove.size(), kMostDaemonsPerSync));
  write_pods(set, std::move(writes),
             [this, &set](bool ok) { write_status(set, ok, false, set.version); });
}

// Creations first, then deletions.
void DaemonSetController::write_pods(Set& set, DaemonWrites writes,
                                     std::function<void(bool ok)> done) {
  if (writes.empty()) return done(true);
  set.expected.expect(api_.kernel().now(), writes.create.size(), writes.remove.size());
  const auto all = std::make_shared<DaemonWrites>(std::move(writes));
  const auto next = std::make_shared<std::size_t>(0);
  const auto remove_all = [this, &set, all, done = std::move(done)](SlowStartResult made) {
    const auto left = std::make_shared<std::size_t>(0);
    for (std::uint64_t i = made.succeeded; i < all->create.size(); ++i) {
      set.expected.creation_observed();
    }
    all_at_once(
        all->remove.size(),
        [this, &set, all, left](SlowStartAnswer answer) {
          remove_pod(set, all->remove[(*left)++], std::move(answer));
        },
        [done, ok = made.ok](SlowStartResult) { done(ok); });
  };
  slow_start(
      all->create.size(),
      [this, &set, all, next](SlowStartAnswer answer) {
        create_pod(set, all->create[(*next)++], std::move(answer));
      },
      [all, next, remove_all, &set](SlowStartResult made) {
        // What was not tried is looked at again.
        for (std::size_t i = made.ok ? *next : 0; i < all->create.size(); ++i) {
          set.nodes.look_at(all->create[i]);
        }
        remove_all(made);
      });
}

void DaemonSetController::create_pod(Set& set, const std::string& node, SlowStartAnswer answer) {
  NewPod pod;
  pod.spec = set.pod;
  pod.workload = set.spec.workload;
  pod.target_node = node;
  const auto [index, is_new] = set.index_of.try_emplace(node, set.index_of.size());
  pod.index = index->second;
  if (const auto before = set.last.find(node); before != set.last.end()) {
    pod.replaces = before->second;
    pod.incarnation = control_.life(before->second).incarnation + 1;
  }
  control_.create(std::move(pod), std::move(answer));
}

void DaemonSetController::remove_pod(Set& set, PodId pod, SlowStartAnswer answer) {
  control_.remove(pod, [&set, answer = std::move(answer)](bool ok) {
    if (!ok) set.expected.deletion_observed();
    answer(true);
  });
}

// A write that meets a newer object reads that and tries once more.
void DaemonSetController::write_status(Set& set, bool ok, bool is_last_try, std::uint64_t version) {
  DaemonSetStatus next = set.nodes.counts();
  next.observed_generation = set.generation;
  if (next == set.status) return queue_.end(set.key, ok);
  control_.client().write(
      set.spec.owner.uid, set.writes++,
      [this, &set, next, version]() -> Result<void> {
        if (set.version != version) return failure(ErrorCode::kConflict, "it has changed");
        set.status = next;
        put(set);
        return {};
      },
      [this, &set, ok, is_last_try](const Result<void>& written) {
        queue_.add(set.key);  // its own write is an event, too
        if (written || is_last_try) return queue_.end(set.key, ok && written.has_value());
        control_.client().touch(
            [this, &set, ok](const Result<void>&) { write_status(set, ok, true, set.version); });
      });
}

DaemonSetController::Set* DaemonSetController::set_of(const std::string& uid) {
  const auto found = keys_.find(uid);
  return found == keys_.end() ? nullptr : sets_[found->second].get();
}

}  // namespace casim::sim

#include "sim/workloads/stateful_set_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/cluster/own_labels.h"

namespace casim::sim {

namespace {

constexpr int kStatefulSetWorkers = 5;  // --concurrent-statefulset-syncs

}  // namespace

StatefulSetController::StatefulSetController(ApiServer& api, ApiClientConfig client,
                                             WorkloadObserver& observer)
    : api_(api),
      control_(api, std::move(client)),
      observer_(observer),
      queue_(api.kernel(), kStatefulSetWorkers, [this](Key key) { sync(key); }) {}

// --- what is wanted

void StatefulSetController::create(StatefulSet given) {
  const Key key = static_cast<Key>(sets_.size());
  const bool is_new = keys_.try_emplace(given.owner.uid, key).second;
  assert(is_new);
  static_cast<void>(is_new);
  Set& set = *sets_.emplace_back(std::make_unique<Set>());
  set.key = key;
  set.spec = std::move(given);
  const std::uint64_t replicas = std::exchange(set.spec.replicas, 0);
  add_template(set, set.spec.pod);
  const WorkloadStatus before{set.spec.workload, 0, 0, 0};
  set.spec.replicas = replicas;
  observer_.on_status(before, {set.spec.workload, 0, replicas, 0});
  put(set);
  if (is_listed_) queue_.add(key);
}

void StatefulSetController::scale(const std::string& uid, std::uint64_t replicas) {
  Set& set = *set_of(uid);
  if (set.spec.replicas == replicas) return;
  const WorkloadStatus before{set.spec.workload, 0, set.spec.replicas, set.served};
  set.spec.replicas = replicas;
  observer_.on_status(before, {set.spec.workload, 0, replicas, set.served});
  ++set.generation;
  note(set);
  put(set);
  if (is_listed_) queue_.add(set.key);
}

void StatefulSetController::set_template(const std::string& uid, std::string revision,
                                         PodSpec pod) {
  Set& set = *set_of(uid);
  if (set.spec.revision == revision) return;
  set.spec.revision = std::move(revision);
  add_template(set, std::move(pod));
  ++set.generation;
  note(set);
  put(set);
  if (is_listed_) queue_.add(set.key);
}

void StatefulSetController::add_template(Set& set, PodSpec pod) {
  pod.owner = OwnerKind::kStatefulSet;
  pod.owner_uid = set.spec.owner.uid;
  set_label(pod, kRevisionHashLabel, set.spec.revision);
  set.templates[set.spec.revision] = std::make_shared<const PodSpec>(std::move(pod));
}

const StatefulSetStatus& StatefulSetController::status(const std::string& uid) const {
  return sets_[keys_.at(uid)]->status;
}

// --- what is seen

void StatefulSetController::on_listed() {
  is_listed_ = true;
  for (const auto& set : sets_) queue_.add(set->key);
}

void StatefulSetController::on_pod_changed(const Pod& pod) {
  Set* set = set_of(pod.spec->owner_uid);
  if (set == nullptr) return;
  const std::uint64_t ordinal = control_.life(pod.id).index;
  SeenPod& seen = set->pods[ordinal];
  const auto revision = pod.spec->labels.find(kRevisionHashLabel);
  ready_ += pod.ready_since.has_value() ? 1 : 0;
  ready_ -= seen.ready_since.has_value() ? 1 : 0;
  seen.ready_since = pod.ready_since;
  seen.pod.id = pod.id;
  seen.pod.revision = revision == pod.spec->labels.end() ? "" : revision->second;
  seen.pod.ready = pod.running && pod.ready_since;
  seen.pod.terminating = pod.deletion_timestamp.has_value();
  seen.pod.finished = pod.succeeded || pod.failed;
  set->last[ordinal] = pod.id;
  note(*set);
  if (is_listed_) queue_.add(set->key);
}

void StatefulSetController::on_pod_removed(const Pod& last) {
  Set* set = set_of(last.spec->owner_uid);
  if (set == nullptr) return;
  const auto found = set->pods.find(control_.life(last.id).index);
  if (found == set->pods.end() || found->second.pod.id != last.id) return;
  ready_ -= found->second.ready_since.has_value() ? 1 : 0;
  set->pods.erase(found);
  note(*set);
  if (is_listed_) queue_.add(set->key);
}

PodSpecPtr StatefulSetController::spec_of(const Set& set, const StatefulWrite& write) {
  const PodSpecPtr& common = set.templates.at(write.revision);
  if (set.spec.claims.empty()) return common;
  PodSpec own = *common;
  for (const VolumeClaimTemplate& claim : set.spec.claims) {
    const std::string name = claim_name(claim, set.spec.owner.name, write.ordinal);
    if (!claim.zones.empty()) {
      api_.claims().provide({own.namespace_name, name}, zone_of_claim(name, claim.zones));
    }
    // It takes the place of the template's volume of that name.
    std::erase_if(own.volumes, [&](const Volume& volume) { return volume.name == claim.name; });
    own.volumes.push_back({claim.name, Volume::Kind::kClaim, name});
  }
  return std::make_shared<const PodSpec>(std::move(own));
}

// Counts anew how many of the pods that it shall have are as it shall have them.
void StatefulSetController::note(Set& set) {
  std::uint64_t served = 0;
  for (const auto& [ordinal, seen] : set.pods) {
    const bool is_newest = seen.pod.revision == set.spec.revision || ordinal < set.spec.partition;
    served += ordinal < set.spec.replicas && seen.pod.ready && is_newest ? 1 : 0;
  }
  if (served == set.served) return;
  const WorkloadStatus before{set.spec.workload, 0, set.spec.replicas, set.served};
  set.served = served;
  observer_.on_status(before, {set.spec.workload, 0, set.spec.replicas, served});
}

bool StatefulSetController::is_available(const Set& set, const SeenPod& pod) const {
  return pod.pod.ready && *pod.ready_since + set.spec.min_ready <= now();
}

// A new version of the object.
void StatefulSetController::put(Set& set) {
  ++set.version;
  set.spec.owner.replicas = static_cast<int>(set.spec.replicas);
  set.spec.owner.current_replicas = static_cast<int>(set.status.replicas);
  api_.put_owner(set.spec.owner);
}

StatefulSetView StatefulSetController::view_of(const Set& set) const {
  StatefulSetView view;
  view.replicas = set.spec.replicas;
  view.parallel = set.spec.parallel;
  view.partition = set.spec.partition;
  if (set.spec.max_unavailable) {
    const std::int64_t most =
        set.spec.max_unavailable->rounded_down(static_cast<std::int64_t>(set.spec.replicas));
    view.max_unavailable = static_cast<std::uint64_t>(std::max<std::int64_t>(1, most));
  }
  view.revision = set.spec.revision;
  view.current_revision =
      set.status.current_revision.empty() ? set.spec.revision : set.status.current_revision;
  for (const auto& [ordinal, seen] : set.pods) {
    StatefulPod& pod = view.pods[ordinal] = seen.pod;
    pod.available = is_available(set, seen);
  }
  return view;
}

// --- what it does

// A new template is recorded in a ControllerRevision before anything else.
void StatefulSetController::sync(Key key) {
  Set& set = *sets_[key];
  if (set.recorded == set.spec.revision) return begin(set);
  const std::string revision = set.spec.revision;
  control_.client().write(
      set.spec.owner.uid, set.writes++, [] { return Result<void>(); },
      [this, &set, revision](const Result<void>& written) {
        if (!written) return end_sync(set, false);
        set.recorded = revision;
        begin(set);
      });
}

void StatefulSetController::begin(Set& set) {
  const StatefulSetView view = view_of(set);
  const auto syncing = std::make_shared<Syncing>(
      Syncing{set, set.version, plan_stateful_set(view), seen_status(set, view)});
  write_all(syncing, syncing->plan.replicas, [this, syncing](bool ok) {
    if (!ok) return write_status(syncing, false, false);
    write_all(syncing, syncing->plan.condemned, [this, syncing](bool all) {
      if (!all) return write_status(syncing, false, false);
      replace_outdated(syncing, 0);
    });
  });
}

void StatefulSetController::write_all(const SyncingPtr& syncing,
                                      const std::vector<std::optional<StatefulWrite>>& writes,
                                      std::function<void(bool ok)> done) {
  const auto next = std::make_shared<std::size_t>(0);
  slow_start(
      writes.size(),
      [this, syncing, &writes, next](SlowStartAnswer answer) {
        const std::optional<StatefulWrite>& one = writes[(*next)++];
        if (!one) return answer(true);
        write(syncing->set, *one, std::move(answer));
      },
      [done = std::move(done)](SlowStartResult result) { done(result.ok); });
}

void StatefulSetController::write(Set& set, const StatefulWrite& write,
                                  std::function<void(bool ok)> done) {
  if (write.deleted) {
    control_.remove(*write.deleted, [done = std::move(done)](bool) { done(true); });
    return;
  }
  NewPod pod;
  pod.spec = spec_of(set, write);
  pod.workload = set.spec.workload;
  pod.index = write.ordinal;
  if (const auto before = set.last.find(write.ordinal); before != set.last.end()) {
    pod.replaces = before->second;
    pod.incarnation = control_.life(before->second).incarnation + 1;
  }
  control_.create(std::move(pod), std::move(done));
}

void StatefulSetController::replace_outdated(const SyncingPtr& syncing, std::size_t next) {
  if (next == syncing->plan.outdated.size()) return write_status(syncing, true, false);
  if (syncing->status.current > 0) --syncing->status.current;
  write(syncing->set, syncing->plan.outdated[next],
        [this, syncing, next](bool) { replace_outdated(syncing, next + 1); });
}

StatefulSetStatus StatefulSetController::seen_status(const Set& set,
                                                     const StatefulSetView& view) const {
  StatefulSetStatus status;
  status.observed_generation = set.generation;
  status.current_revision = view.current_revision;
  status.revision = view.revision;
  for (const auto& [ordinal, pod] : view.pods) {
    ++status.replicas;
    status.ready += pod.ready ? 1 : 0;
    status.available += pod.available ? 1 : 0;
    if (pod.terminating) continue;
    status.current += pod.revision == view.current_revision ? 1 : 0;
    status.updated += pod.revision == view.revision ? 1 : 0;
  }
  return status;
}

// A write that meets a newer object reads that and tries once more.
void StatefulSetController::write_status(const SyncingPtr& syncing, bool ok, bool is_last_try) {
  Set& set = syncing->set;
  StatefulSetStatus& next = syncing->status;
  const std::uint64_t replicas = set.spec.replicas;
  if (next.updated == replicas && next.ready == replicas && next.replicas == replicas) {
    next.current = next.updated;
    next.current_revision = next.revision;
  }
  if (next == set.status) return end_sync(set, ok);
  control_.client().write(
      set.spec.owner.uid, set.writes++,
      [this, &set, syncing]() -> Result<void> {
        if (set.version != syncing->version) return failure(ErrorCode::kConflict, "it has changed");
        set.status = syncing->status;
        put(set);
        return {};
      },
      [this, &set, syncing, ok, is_last_try](const Result<void>& written) {
        queue_.add(set.key);  // its own write is an event, too
        if (written || is_last_try) return end_sync(set, ok && written.has_value());
        control_.client().touch([this, &set, syncing, ok](const Result<void>&) {
          syncing->version = set.version;
          write_status(syncing, ok, true);
        });
      });
}

void StatefulSetController::end_sync(Set& set, bool ok) {
  std::optional<Duration> next;
  for (const auto& [ordinal, seen] : set.pods) {
    if (!seen.ready_since || set.spec.min_ready == Duration{}) continue;
    const Duration left = *seen.ready_since + set.spec.min_ready - now();
    if (left > Duration{}) next = std::min(next.value_or(left), left);
  }
  if (next) queue_.add_after(set.key, *next);
  queue_.end(set.key, ok);
}

StatefulSetController::Set* StatefulSetController::set_of(const std::string& uid) {
  const auto found = keys_.find(uid);
  return found == keys_.end() ? nullptr : sets_[found->second].get();
}

}  // namespace casim::sim

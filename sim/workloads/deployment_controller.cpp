#include "sim/workloads/deployment_controller.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/cluster/own_labels.h"

namespace casim::sim {

namespace {

constexpr int kDeploymentWorkers = 5;  // --concurrent-deployment-syncs

const std::string& object_of(const DeploymentWrite& write, const std::string& deployment) {
  if (const auto* made = std::get_if<CreateSet>(&write)) return made->set.uid;
  if (const auto* changed = std::get_if<UpdateSet>(&write)) return changed->set.uid;
  if (const auto* removed = std::get_if<RemoveSet>(&write)) return removed->uid;
  return deployment;
}

// Event ScalingReplicaSet.
bool is_scaling(const DeploymentWrite& write) {
  if (const auto* made = std::get_if<CreateSet>(&write)) return made->set.replicas() > 0;
  const auto* changed = std::get_if<UpdateSet>(&write);
  return changed != nullptr && changed->is_scaled;
}

}  // namespace

DeploymentController::DeploymentController(ApiServer& api, ApiClientConfig client,
                                           ReplicaSetController& sets, WorkloadObserver& observer)
    : api_(api),
      sets_(sets),
      observer_(observer),
      client_(api.add_client(std::move(client))),
      events_(api.kernel(), client_),
      queue_(api.kernel(), kDeploymentWorkers, [this](Key key) { sync(key); }) {
  sets_.when_changed([this](const std::string& uid) {
    if (const auto found = keys_.find(uid); found != keys_.end()) queue_.add(found->second);
  });
}

// --- what is wanted

void DeploymentController::create(Deployment given) {
  const Key key = static_cast<Key>(deployments_.size());
  const bool is_new = keys_.try_emplace(given.uid, key).second;
  assert(is_new);
  static_cast<void>(is_new);
  State& of = *deployments_.emplace_back(std::make_unique<State>());
  of.view.uid = given.uid;
  of.view.revision = given.revision;
  of.view.strategy = given.strategy;
  of.view.progress_deadline = given.progress_deadline;
  of.templates[given.revision] = given.pod;
  of.spec = std::move(given);
  const WorkloadStatus before = workload_status(of);
  of.view.replicas = static_cast<std::int64_t>(of.spec.replicas);
  observer_.on_status(before, workload_status(of));
  queue_.add(key);
}

void DeploymentController::scale(const std::string& uid, std::uint64_t replicas) {
  State& of = state_of(uid);
  if (of.view.replicas == static_cast<std::int64_t>(replicas)) return;
  const WorkloadStatus before = workload_status(of);
  of.view.replicas = static_cast<std::int64_t>(replicas);
  change(of, before);
}

void DeploymentController::set_template(const std::string& uid, std::string revision, PodSpec pod) {
  State& of = state_of(uid);
  if (of.view.revision == revision) return;
  const WorkloadStatus before = workload_status(of);
  of.view.revision = revision;
  of.templates[std::move(revision)] = std::move(pod);
  change(of, before);
}

void DeploymentController::change(State& of, const WorkloadStatus& before) {
  ++of.view.generation;
  ++of.version;
  observer_.on_status(before, workload_status(of));
  queue_.add(keys_.at(of.view.uid));
}

const DeploymentStatus& DeploymentController::status(const std::string& uid) const {
  return deployments_[keys_.at(uid)]->view.status;
}

std::uint64_t DeploymentController::replicas(const std::string& uid) const {
  return static_cast<std::uint64_t>(deployments_[keys_.at(uid)]->view.replicas);
}

// --- what it does

void DeploymentController::note_sets(State& of) {
  for (DeploymentSet& set : of.view.sets) {
    set.state = sets_.state(set.uid);
    set.pods = sets_.pods(set.uid);
  }
}

void DeploymentController::sync(Key key) {
  State& of = *deployments_[key];
  note_sets(of);
  const auto syncing = std::make_shared<Syncing>();
  syncing->key = key;
  syncing->version = of.version;
  for (const DeploymentSet& set : of.view.sets) syncing->set_versions[set.uid] = set.state.version;
  syncing->plan = plan_deployment(of.view, now());
  write_next(syncing);
}

void DeploymentController::write_next(const std::shared_ptr<Syncing>& syncing) {
  if (syncing->next == syncing->plan.writes.size()) return end_sync(*syncing, true);
  const DeploymentWrite& write = syncing->plan.writes[syncing->next++];
  State& of = *deployments_[syncing->key];
  client_.write(
      object_of(write, of.view.uid), of.writes++,
      [this, syncing, &write] { return apply(*syncing, write); },
      [this, syncing, &write, &of](const Result<void>& written) {
        if (!written) return end_sync(*syncing, false);
        if (is_scaling(write)) events_.record(of.view.uid);
        write_next(syncing);
      });
}

Result<void> DeploymentController::apply(Syncing& syncing, const DeploymentWrite& write) {
  State& of = *deployments_[syncing.key];
  const auto conflict = [] { return failure(ErrorCode::kConflict, "it has changed"); };
  if (const auto* made = std::get_if<CreateSet>(&write)) {
    create_set(of, made->set);
    syncing.set_versions[made->set.uid] = sets_.state(made->set.uid).version;
  } else if (const auto* changed = std::get_if<UpdateSet>(&write)) {
    const DeploymentSet& next = changed->set;
    if (sets_.state(next.uid).version != syncing.set_versions.at(next.uid)) return conflict();
    for (DeploymentSet& set : of.view.sets) {
      if (set.uid == next.uid) set = next;
    }
    if (changed->is_scaled) {
      sets_.scale(next.uid, next.state.replicas);
    } else {
      sets_.annotate(next.uid);
    }
    syncing.set_versions[next.uid] = sets_.state(next.uid).version;
  } else if (const auto* removed = std::get_if<RemoveSet>(&write)) {
    sets_.remove(removed->uid);
    std::erase_if(of.view.sets, [&](const DeploymentSet& set) { return set.uid == removed->uid; });
  } else {
    const auto& status = std::get<WriteStatus>(write);
    if (of.version != syncing.version) return conflict();
    const WorkloadStatus before = workload_status(of);
    ++of.version;
    of.view.status = status.status;
    of.view.number = status.number;
    observer_.on_status(before, workload_status(of));
    queue_.add(syncing.key);
    if (on_status_) on_status_(of.view.uid, of.view.status);
  }
  return {};
}

void DeploymentController::create_set(State& of, const DeploymentSet& set) {
  PodSpec pod = of.templates.at(set.revision);
  pod.owner = OwnerKind::kReplicaSet;
  pod.owner_uid = set.uid;
  set_label(pod, kTemplateHashLabel, safe_hash(of.view.uid + "/" + set.revision));
  ReplicaSet made;
  made.owner.kind = OwnerKind::kReplicaSet;
  made.owner.uid = made.owner.name = set.uid;
  made.owner.namespace_name = pod.namespace_name;
  made.pods = {std::make_shared<const PodSpec>(std::move(pod)), of.spec.workload, 0};
  made.replicas = set.state.replicas;
  made.min_ready = of.spec.min_ready;
  made.controller = of.view.uid;
  of.view.sets.push_back(set);
  sets_.create(std::move(made));
}

void DeploymentController::end_sync(const Syncing& syncing, bool ok) {
  if (ok && syncing.plan.again) queue_.add_after(syncing.key, *syncing.plan.again);
  if (ok && syncing.plan.again_soon) queue_.add_rate_limited(syncing.key);
  queue_.end(syncing.key, ok);
}

// Served: available pods of the newest template, as far as the controller has noted it.
WorkloadStatus DeploymentController::workload_status(const State& of) const {
  const auto wanted = static_cast<std::uint64_t>(of.view.replicas);
  const bool is_current = of.view.status.observed_generation == of.view.generation;
  // Available ones beyond those that may be of older templates.
  const std::int64_t older =
      std::max<std::int64_t>(0, of.view.status.replicas - of.view.status.updated);
  const std::int64_t newest = std::max<std::int64_t>(0, of.view.status.available - older);
  const std::int64_t served = is_current ? std::min(of.view.status.updated, newest) : 0;
  return {of.spec.workload, 0, wanted, static_cast<std::uint64_t>(served)};
}

}  // namespace casim::sim

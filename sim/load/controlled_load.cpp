#include "sim/load/controlled_load.h"

#include <algorithm>

namespace casim::sim {

ControlledLoad::ControlledLoad(Kernel& kernel, const WorkloadTable& workloads,
                               Controllers controllers, LoadCompletion& completion)
    : kernel_(kernel), workloads_(workloads), controllers_(controllers), completion_(completion) {}

void ControlledLoad::add(WorkloadId workload, ControlledSpec spec) {
  entries_.push_back({workload, std::move(spec)});
}

void ControlledLoad::start() {
  for (Entry& entry : entries_) {
    at(entry, entry.spec.at, [this, &entry] { create(entry); });
    for (const ReplicaChange& change : entry.spec.changes) {
      at(entry, change.at, [this, &entry, &change] { scale(entry, change.replicas); });
    }
    for (const Rollout& rollout : entry.spec.rollouts) {
      at(entry, rollout.at, [this, &entry, &rollout] { roll_out(entry, rollout.pod); });
    }
  }
}

template <class What>
void ControlledLoad::at(const Entry& entry, Duration when, What what) {
  const bool counts = !entry.spec.is_daemon_set() && workloads_.can_fit(entry.workload, 0);
  if (counts) completion_.expect(1);
  ++open_;
  const TimePoint then = std::max(kTimeZero + when, kernel_.now());
  kernel_.at(then, Phase::kWorld, [this, counts, what = std::move(what)]() mutable {
    what();
    --open_;
    if (counts) completion_.note_arrival();
  });
}

void ControlledLoad::create(const Entry& entry) {
  const ControlledSpec& spec = entry.spec;
  if (const auto* kind = std::get_if<DeploymentKind>(&spec.kind)) {
    Deployment made;
    made.uid = uid_of(entry);
    made.workload = entry.workload;
    made.pod = spec.pod;
    made.replicas = spec.replicas;
    made.strategy = kind->strategy;
    made.min_ready = kind->min_ready;
    controllers_.deployments.create(std::move(made));
  } else if (const auto* stateful = std::get_if<StatefulSetKind>(&spec.kind)) {
    StatefulSet made;
    made.owner = owner_of(entry, OwnerKind::kStatefulSet);
    made.workload = entry.workload;
    made.pod = spec.pod;
    made.replicas = spec.replicas;
    made.parallel = stateful->parallel;
    made.partition = stateful->partition;
    made.max_unavailable = stateful->max_unavailable;
    made.min_ready = stateful->min_ready;
    made.claims = stateful->claims;
    controllers_.stateful_sets.create(std::move(made));
  } else {
    const auto& daemon = std::get<DaemonSetKind>(spec.kind);
    DaemonSet made;
    made.owner = owner_of(entry, OwnerKind::kDaemonSet);
    made.workload = entry.workload;
    made.pod = spec.pod;
    made.max_unavailable = daemon.max_unavailable;
    made.max_surge = daemon.max_surge;
    controllers_.daemon_sets.create(std::move(made));
  }
}

void ControlledLoad::scale(const Entry& entry, std::uint64_t replicas) {
  if (std::holds_alternative<DeploymentKind>(entry.spec.kind)) {
    controllers_.deployments.scale(uid_of(entry), replicas);
  } else {
    controllers_.stateful_sets.scale(uid_of(entry), replicas);
  }
}

void ControlledLoad::roll_out(Entry& entry, const PodSpec& pod) {
  std::string revision = std::to_string(++entry.templates);
  if (std::holds_alternative<DeploymentKind>(entry.spec.kind)) {
    controllers_.deployments.set_template(uid_of(entry), std::move(revision), pod);
  } else if (entry.spec.is_daemon_set()) {
    controllers_.daemon_sets.set_template(uid_of(entry), std::move(revision), pod);
  } else {
    controllers_.stateful_sets.set_template(uid_of(entry), std::move(revision), pod);
  }
}

Owner ControlledLoad::owner_of(const Entry& entry, OwnerKind kind) const {
  Owner owner;
  owner.kind = kind;
  owner.uid = uid_of(entry);
  owner.name = entry.spec.name;
  owner.namespace_name = entry.spec.pod.namespace_name;
  return owner;
}

}  // namespace casim::sim

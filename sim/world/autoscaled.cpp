#include "sim/world/autoscaled.h"

#include <utility>

#include "sim/world/part_configs.h"

namespace casim::sim {
namespace {

// What one replica at its target takes of each metric's load: a share of its request, or a value.
// None: a metric compares one value with its target whatever number there is, or the pods have no
// request and thus no utilisation.
std::optional<NeededReplicas> needed_by(const HpaScenario& hpa, const PodSpec& pod) {
  const HpaSpec spec = resolve_hpa(hpa);
  const std::vector<LoadedMetric> loads = resolve_load(hpa);
  std::vector<NeededReplicas::Share> shares;
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const HpaMetric& metric = spec.metrics[i];
    auto thousandths = static_cast<double>(metric.target);
    if (metric.kind == HpaMetric::Target::kUtilization) {
      thousandths *= static_cast<double>(request_of(pod.requests, metric.source)) / 100;
    }
    if (metric.kind == HpaMetric::Target::kValue || thousandths <= 0) return std::nullopt;
    shares.push_back({loads[i].load, thousandths / 1000});
  }
  return NeededReplicas(std::move(shares), spec.min, spec.max);
}

}  // namespace

Autoscaled::Target::Target(Parts parts, std::string hpa, Scale scale)
    : parts_(parts), hpa_(std::move(hpa)), scale_(std::move(scale)) {}

void Autoscaled::Target::set_replicas(std::int32_t replicas) {
  const std::int32_t before = scale().replicas;
  parts_.facts.on_fact(parts_.api.kernel().now(), HpaRescaled{hpa_, before, replicas});
  scale_.set(static_cast<std::uint64_t>(replicas));
}

Autoscaled::Autoscaled(const Scenario& scenario, Parts parts)
    : scenario_(scenario),
      parts_(parts),
      pods_(parts.api),
      controller_(parts.api, pods_, hpa_config(scenario)) {
  pods_.when_ready_changed([this](WorkloadId workload) { on_ready_changed(workload); });
}

void Autoscaled::listen(PodInformer& informer) {
  if (!scenario_.hpas.empty()) informer.add(static_cast<Watcher&>(pods_));
}

void Autoscaled::add_replica_set(const Sized& workload) {
  ReplicaSetController& sets = parts_.replica_sets;
  const std::string uid = workload.uid;
  add(workload,
      {[&sets, uid] {
         const ReplicaSetState& state = sets.state(uid);
         return HpaScale{static_cast<std::int32_t>(state.replicas),
                         static_cast<std::int32_t>(state.status.replicas)};
       },
       [&sets, uid](std::uint64_t replicas) { sets.scale(uid, replicas); }},
      {});
}

void Autoscaled::add_deployment(const Sized& workload, Duration at) {
  DeploymentController& deployments = parts_.deployments;
  const std::string uid = workload.uid;
  add(workload,
      {[&deployments, uid] {
         return HpaScale{static_cast<std::int32_t>(deployments.replicas(uid)),
                         static_cast<std::int32_t>(deployments.status(uid).replicas)};
       },
       [&deployments, uid](std::uint64_t replicas) { deployments.scale(uid, replicas); }},
      at);
}

void Autoscaled::add(const Sized& workload, const Scale& scale, Duration at) {
  for (const HpaScenario& hpa : scenario_.hpas) {
    if (hpa.target != workload.name) continue;
    pods_.watch(workload.id);
    Target& target = targets_.emplace_back(parts_, hpa.name, scale);
    WorkloadMetrics& metrics =
        metrics_.emplace_back(WorkloadMetrics::Parts{parts_.api, pods_, parts_.random}, workload.id,
                              resolve_load(hpa), scenario_.controllers.metrics);
    by_workload_.emplace(workload.id, &metrics);
    hpas_.push_back({hpa.name,
                     {"hpa/" + hpa.name, resolve_hpa(hpa), workload.id, &target, &metrics},
                     needed_by(hpa, *workload.pod),
                     at});
  }
}

void Autoscaled::start() {
  for (const Planned& planned : hpas_) {
    parts_.api.kernel().at(kTimeZero + planned.at, Phase::kWorld,
                           [this, &planned] { create(planned); });
  }
}

void Autoscaled::create(const Planned& planned) {
  const std::int32_t replicas = planned.hpa.target->scale().replicas;
  parts_.facts.on_fact(parts_.api.kernel().now(),
                       HpaCreated{planned.name, planned.hpa.workload, replicas});
  controller_.create(planned.hpa);
  if (planned.needed) tell_needed(planned);
}

void Autoscaled::tell_needed(const Planned& planned) {
  const TimePoint now = parts_.api.kernel().now();
  parts_.facts.on_fact(now, ReplicasNeeded{planned.name, planned.needed->at(now)});
  const TimePoint next = planned.needed->next_change(now);
  if (next == kTimeNever) return;
  parts_.api.kernel().at(next, Phase::kWorld, [this, &planned] { tell_needed(planned); });
}

void Autoscaled::on_ready_changed(WorkloadId workload) {
  const auto [begin, end] = by_workload_.equal_range(workload);
  for (auto metrics = begin; metrics != end; ++metrics) {
    metrics->second->on_ready(pods_.ready(workload));
  }
}

}  // namespace casim::sim

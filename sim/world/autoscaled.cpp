#include "sim/world/autoscaled.h"

#include <utility>

#include "sim/world/part_configs.h"

namespace casim::sim {

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

void Autoscaled::add_replica_set(const std::string& workload, WorkloadId id,
                                 const std::string& uid) {
  ReplicaSetController& sets = parts_.replica_sets;
  add(workload, id,
      {[&sets, uid] {
         const ReplicaSetState& state = sets.state(uid);
         return HpaScale{static_cast<std::int32_t>(state.replicas),
                         static_cast<std::int32_t>(state.status.replicas)};
       },
       [&sets, uid](std::uint64_t replicas) { sets.scale(uid, replicas); }},
      {});
}

void Autoscaled::add_deployment(const std::string& workload, WorkloadId id, const std::string& uid,
                                Duration at) {
  DeploymentController& deployments = parts_.deployments;
  add(workload, id,
      {[&deployments, uid] {
         return HpaScale{static_cast<std::int32_t>(deployments.replicas(uid)),
                         static_cast<std::int32_t>(deployments.status(uid).replicas)};
       },
       [&deployments, uid](std::uint64_t replicas) { deployments.scale(uid, replicas); }},
      at);
}

void Autoscaled::add(const std::string& workload, WorkloadId id, const Scale& scale, Duration at) {
  for (const HpaScenario& hpa : scenario_.hpas) {
    if (hpa.target != workload) continue;
    pods_.watch(id);
    Target& target = targets_.emplace_back(parts_, hpa.name, scale);
    WorkloadMetrics& metrics =
        metrics_.emplace_back(WorkloadMetrics::Parts{parts_.api, pods_, parts_.random}, id,
                              resolve_load(hpa), scenario_.controllers.metrics);
    by_workload_.emplace(id, &metrics);
    hpas_.push_back({{"hpa/" + hpa.name, resolve_hpa(hpa), id, &target, &metrics}, at});
  }
}

void Autoscaled::start() {
  for (const Planned& planned : hpas_) {
    parts_.api.kernel().at(kTimeZero + planned.at, Phase::kWorld,
                           [this, &planned] { controller_.create(planned.hpa); });
  }
}

void Autoscaled::on_ready_changed(WorkloadId workload) {
  const auto [begin, end] = by_workload_.equal_range(workload);
  for (auto metrics = begin; metrics != end; ++metrics) {
    metrics->second->on_ready(pods_.ready(workload));
  }
}

}  // namespace casim::sim

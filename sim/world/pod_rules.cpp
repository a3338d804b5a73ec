#include "sim/world/pod_rules.h"

#include "sim/scenario/resolve_budgets.h"
#include "sim/scenario/resolve_gates.h"
#include "sim/scenario/resolve_volumes.h"
#include "sim/world/part_configs.h"

namespace casim::sim {

PodRules::PodRules(const Scenario& scenario, Parts parts) : parts_(parts) {
  if (!scenario.disruption_budgets.empty()) {
    disruption_.emplace(parts_.api, controller(kDisruptionController, scenario),
                        [this](const PodSpec& pod) { return scale_of(pod); });
    parts_.informer.add_stopping(*disruption_);
  }
  for (const PodDisruptionBudget& budget : resolve_budgets(scenario)) parts_.api.put_pdb(budget);
  for (const auto& [claim, zone] : resolve_bound_claims(scenario)) {
    parts_.api.claims().provide(claim, zone);
  }
  if (!scenario.scheduling_gates.empty()) {
    gates_.emplace(parts_.api, parts_.random, resolve_gates(scenario));
    parts_.informer.add(static_cast<Watcher&>(*gates_));
  }
}

// ReplicaSets of a Deployment count as that. Jobs and DaemonSets have no scale.
std::optional<ControllerScale> PodRules::scale_of(const PodSpec& pod) const {
  const Owner* const owner = parts_.api.cluster().find_owner(pod.owner_uid);
  if (owner == nullptr) return std::nullopt;
  if (pod.owner == OwnerKind::kReplicaSet) {
    const std::string deployment = parts_.replica_sets.deployment_of(pod.owner_uid);
    if (!deployment.empty()) {
      const auto replicas = static_cast<std::int64_t>(parts_.deployments.replicas(deployment));
      return ControllerScale{deployment, replicas};
    }
  } else if (pod.owner != OwnerKind::kStatefulSet) {
    return std::nullopt;
  }
  return ControllerScale{pod.owner_uid, owner->replicas};
}

}  // namespace casim::sim

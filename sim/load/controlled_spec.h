// A workload that a controller keeps up: a Deployment, StatefulSet or DaemonSet, when it is made,
// and what people change about it later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/cluster/int_or_percent.h"
#include "sim/cluster/objects.h"
#include "sim/workloads/deployment_strategy.h"
#include "sim/workloads/volume_claims.h"

namespace casim::sim {

struct DeploymentKind {
  DeploymentStrategy strategy;
  Duration min_ready{};
};

struct StatefulSetKind {
  bool parallel = false;
  std::uint64_t partition = 0;
  std::optional<IntOrPercent> max_unavailable;
  Duration min_ready{};
  std::vector<VolumeClaimTemplate> claims{};
};

struct DaemonSetKind {
  IntOrPercent max_unavailable = IntOrPercent::of(1);
  IntOrPercent max_surge = IntOrPercent::of(0);
};

struct ReplicaChange {
  Duration at{};
  std::uint64_t replicas = 0;
};

// A new template.
struct Rollout {
  Duration at{};
  PodSpec pod;
};

struct ControlledSpec {
  std::string name;
  Duration at{};                       // made
  std::uint64_t replicas = 0;          // from then on; a DaemonSet has as many as nodes
  std::vector<ReplicaChange> changes;  // later ones
  std::vector<Rollout> rollouts;
  PodSpec pod;  // the first template; the owner is set by the controller
  std::variant<DeploymentKind, StatefulSetKind, DaemonSetKind> kind;

  bool is_daemon_set() const { return std::holds_alternative<DaemonSetKind>(kind); }
};

}  // namespace casim::sim

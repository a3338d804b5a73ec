// What the Deployment controller writes of a Deployment, and when that counts as progress.
// Source: [k8s:pkg/controller/deployment/util/deployment_util.go]; algorithm 6.2.
#pragma once

#include <cstdint>
#include <optional>

#include "src/core/time.h"

namespace casim::sim {

// Why condition Progressing is what it is.
enum class ProgressReason : std::uint8_t {
  kNewReplicaSetCreated,
  kFoundNewReplicaSet,
  kReplicaSetUpdated,
  kNewReplicaSetAvailable,
  kProgressDeadlineExceeded,  // Progressing=False; of all others True
};

struct ProgressCondition {
  ProgressReason reason = ProgressReason::kNewReplicaSetCreated;
  WallTime last_update{};  // whole seconds

  bool operator==(const ProgressCondition&) const = default;
};

struct DeploymentStatus {
  std::uint64_t observed_generation = 0;
  std::int64_t replicas = 0;
  std::int64_t updated = 0;
  std::int64_t ready = 0;
  std::int64_t available = 0;
  std::int64_t unavailable = 0;
  std::int64_t terminating = 0;
  std::optional<bool> is_available;  // condition Available
  std::optional<ProgressCondition> progress;
  bool replica_failure = false;

  bool operator==(const DeploymentStatus&) const = default;
};

// All pods are of the newest revision, and available. `generation`: of its spec.
bool is_complete(const DeploymentStatus& status, std::int64_t replicas, std::uint64_t generation);
bool has_progressed(const DeploymentStatus& before, const DeploymentStatus& now);
// The deadline has passed since the last progress, or had before.
bool has_timed_out(const DeploymentStatus& status, Duration deadline, WallTime now);
// The same reason again leaves the condition as it is.
void set_progress(DeploymentStatus& status, ProgressReason reason, WallTime now);

}  // namespace casim::sim

#include "sim/workloads/deployment_status.h"

namespace casim::sim {

bool is_complete(const DeploymentStatus& status, std::int64_t replicas, std::uint64_t generation) {
  return status.updated == replicas && status.replicas == replicas &&
         status.available == replicas && status.observed_generation >= generation;
}

bool has_progressed(const DeploymentStatus& before, const DeploymentStatus& now) {
  return now.updated > before.updated ||
         now.replicas - now.updated < before.replicas - before.updated ||
         now.ready > before.ready || now.available > before.available;
}

bool has_timed_out(const DeploymentStatus& status, Duration deadline, WallTime now) {
  if (!status.progress || status.progress->reason == ProgressReason::kNewReplicaSetAvailable) {
    return false;
  }
  if (status.progress->reason == ProgressReason::kProgressDeadlineExceeded) return true;
  return status.progress->last_update + deadline < now;
}

void set_progress(DeploymentStatus& status, ProgressReason reason, WallTime now) {
  if (status.progress && status.progress->reason == reason) return;
  status.progress = {reason, cut_to_second(now)};
}

}  // namespace casim::sim

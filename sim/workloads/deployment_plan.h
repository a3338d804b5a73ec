// What one sync of the Deployment controller writes, in order: the decision without the writing.
// Rolling update with surge and unavailable pods, unhealthy old pods first; Recreate; a change of
// size in the middle of a rollout, spread in proportion; conditions and the progress deadline.
// Source: [k8s:pkg/controller/deployment: sync.go, rolling.go, recreate.go, progress.go,
// util/deployment_util.go]; algorithm 6.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/workloads/deployment_status.h"
#include "sim/workloads/deployment_strategy.h"
#include "sim/workloads/replica_set_controller.h"
#include "src/core/time.h"

namespace casim::sim {

// A ReplicaSet of the Deployment, with what the Deployment controller has noted on it.
struct DeploymentSet {
  std::string uid;
  std::string revision;  // the template's name
  ReplicaSetState state;
  std::uint64_t pods = 0;         // unfinished ones
  std::int64_t number = 0;        // annotation revision: 1, 2, ...
  std::int64_t desired = 0;       // annotation desired-replicas
  std::int64_t max_replicas = 0;  // annotation max-replicas

  std::int64_t replicas() const { return static_cast<std::int64_t>(state.replicas); }
};

// A Deployment as its controller finds it.
struct DeploymentView {
  std::string uid;
  std::string revision;  // the name of its template; another name is another template
  std::int64_t replicas = 0;
  DeploymentStrategy strategy;
  std::optional<Duration> progress_deadline = std::chrono::seconds(600);
  std::size_t revision_history_limit = 10;
  std::uint64_t generation = 1;
  std::int64_t number = 0;  // annotation revision
  DeploymentStatus status;
  std::vector<DeploymentSet> sets;  // in order of creation
};

// The set of `set` is made, sized, noted on, or removed.
struct CreateSet {
  DeploymentSet set;
};

struct UpdateSet {
  DeploymentSet set;  // as it shall be
  bool is_scaled = false;
};

struct RemoveSet {
  std::string uid;
};

// Fails where the Deployment has changed since the sync began, be it by its own first write.
struct WriteStatus {
  DeploymentStatus status;
  std::int64_t number = 0;
};

using DeploymentWrite = std::variant<CreateSet, UpdateSet, RemoveSet, WriteStatus>;

struct DeploymentPlan {
  std::vector<DeploymentWrite> writes;  // one after the other; after one that fails none
  std::optional<Duration> again;        // sync again by then, to find out that it is stuck
  bool again_soon = false;              // as after a failure
};

DeploymentPlan plan_deployment(DeploymentView view, WallTime now);

}  // namespace casim::sim

// The MachineDeployment controller: keeps a MachineSet for each template, gives the newest one the
// replicas, and rolls a new template out within surge and unavailable. Source:
// provisioning-paths.md 2.1 steps 2, 7c [CAPI core/reconcilers/machinedeployment].
#pragma once

#include <map>
#include <set>
#include <utility>

#include "sim/paths/cluster_api/cluster_api_state.h"
#include "sim/paths/queue/reconcile_loop.h"

namespace casim::sim {

class MachineDeploymentController {
 public:
  // The state outlives it.
  explicit MachineDeploymentController(ClusterApiState& state);

  void add(std::uint32_t deployment) { loop_.add(deployment); }

  ReconcileLoop& loop() { return loop_; }

 private:
  using Sets = std::map<std::uint32_t, MachineSetObject>;  // of one round, by key

  Duration wait_for_caches(std::uint32_t key);
  Awaitable<RoundEnd> round(std::uint32_t key);
  Awaitable<bool> first_round(std::uint32_t key, const MachineDeploymentObject& deployment);
  Awaitable<void> create_set(std::uint32_t key, const MachineDeploymentObject& deployment,
                             const Sets& sets);
  Awaitable<void> scale_sets(std::uint32_t key, const std::map<std::uint32_t, int>& replicas,
                             const Sets& sets);
  Awaitable<void> write(std::uint32_t key, const MachineDeploymentObject& before,
                        MachineDeploymentObject deployment);

  ClusterApiState& state_;
  std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>> written_;  // versions of sets
  std::map<std::uint32_t, std::uint64_t> synced_;            // of sets, without a difference
  std::set<std::pair<std::uint32_t, int>> owned_templates_;  // deployment, revision
  ReconcileLoop loop_;
};

// The replicas of each set after one round of a rolling update. `newest`: the set of the current
// template.
std::map<std::uint32_t, int> plan_rolling_update(
    const MachineDeploymentObject& deployment, std::uint32_t newest,
    const std::map<std::uint32_t, MachineSetObject>& sets);

}  // namespace casim::sim

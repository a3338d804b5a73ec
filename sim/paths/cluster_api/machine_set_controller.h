// The MachineSet controller: creates missing Machines one after the other in one round, deletes
// surplus and unhealthy ones, and counts. It does nothing while the caches do not show yet what it
// wrote itself. Source: provisioning-paths.md 2.1 steps 3, 7b, 8, 2.3 [CAPI
// core/reconcilers/machineset].
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "sim/paths/cluster_api/cluster_api_state.h"
#include "sim/paths/queue/reconcile_loop.h"

namespace casim::sim {

class MachineSetController {
 public:
  // What a Machine is created for, and where: asked once for each.
  struct MachinePlan {
    std::string token;
    std::string zone;
  };

  using PlanMachine = std::function<MachinePlan(std::uint32_t set)>;

  // The state outlives it. `plan`: of new Machines; none: of nothing that is known.
  MachineSetController(ClusterApiState& state, PlanMachine plan);

  // Preflight checks of new Machines, as of an unstable control plane.
  void set_preflight(std::function<bool()> passes) { preflight_ = std::move(passes); }

  void add(std::uint32_t set) { loop_.add(set); }

  ReconcileLoop& loop() { return loop_; }

 private:
  struct Written {
    std::map<std::uint32_t, std::uint64_t> machines;  // versions
    std::map<std::uint32_t, std::uint64_t> infra;
  };

  using Machines = std::map<std::uint32_t, MachineObject>;  // of one round, by key

  void subscribe();
  Duration wait_for_caches(std::uint32_t key);
  Awaitable<RoundEnd> round(std::uint32_t key);
  // True: it was one of the rounds that come first.
  Awaitable<bool> first_round(std::uint32_t key, const MachineSetObject& set);
  Machines machines_of(std::uint32_t key) const;
  Awaitable<void> delete_unhealthy(std::uint32_t key, const MachineSetObject& set,
                                   const Machines& machines);
  Awaitable<void> sync_machines(const Machines& machines);
  Awaitable<RoundEnd> sync_replicas(std::uint32_t key, const MachineSetObject& set,
                                    const Machines& machines);
  Awaitable<void> create_machine(std::uint32_t key);
  Awaitable<void> delete_machine(std::uint32_t key, std::uint32_t machine);
  Awaitable<void> write(std::uint32_t key, const MachineSetObject& before, MachineSetObject set);

  ClusterApiState& state_;
  PlanMachine plan_;
  std::function<bool()> preflight_;
  std::map<std::uint32_t, Written> written_;                // by set
  std::map<std::uint32_t, std::uint64_t> synced_machines_;  // versions without a difference
  std::map<std::uint32_t, std::uint64_t> synced_infra_;
  std::set<std::uint32_t> owned_templates_;  // of sets
  ReconcileLoop loop_;
};

// What a set counts and tells of its Machines.
ReplicaCounts count_replicas(const std::map<std::uint32_t, MachineObject>& machines);
MachinesSummary summary_of(const std::map<std::uint32_t, MachineObject>& machines, int wanted);

}  // namespace casim::sim

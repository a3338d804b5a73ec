// The Machine controller: waits for bootstrap data, infrastructure and node, and takes them down
// again when the Machine is deleted. Source: provisioning-paths.md 2.1 steps 6, 7, 7b [CAPI
// core/reconcilers/machine].
#pragma once

#include "sim/paths/cluster_api/cluster_api_state.h"
#include "sim/paths/queue/reconcile_loop.h"

namespace casim::sim {

class MachineController {
 public:
  // The state outlives it.
  explicit MachineController(ClusterApiState& state);

  void add(std::uint32_t machine) { loop_.add(machine); }

  ReconcileLoop& loop() { return loop_; }

 private:
  void subscribe();
  void add_all_of(std::uint32_t set);
  // The lists below go on in one copy of the Machine, which is written at the end.
  Awaitable<RoundEnd> round(std::uint32_t key);
  Awaitable<RoundEnd> look_at_infra(std::uint32_t key, MachineObject& machine);
  Awaitable<bool> look_at_node(std::uint32_t key, MachineObject& machine);
  Awaitable<void> take_down(std::uint32_t key, MachineObject& machine);
  Awaitable<void> drain(std::uint32_t key, MachineObject& machine);
  Awaitable<void> write(std::uint32_t key, const MachineObject& before, MachineObject machine);
  Awaitable<void> write_conditions(std::uint32_t key, const MachineConditions& conditions);
  bool is_bootstrapped(std::uint32_t key, const MachineObject& machine) const;

  ClusterApiState& state_;
  ReconcileLoop loop_;
};

}  // namespace casim::sim

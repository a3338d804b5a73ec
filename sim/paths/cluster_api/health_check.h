// The MachineHealthCheck controller, of all Machines there are: marks those whose node does not
// come or is not Ready for too long; their set deletes them. Source: provisioning-paths.md 2.2 (MHC
// rows) [CAPI core/reconcilers/machinehealthcheck].
#pragma once

#include <optional>
#include <vector>

#include "sim/paths/cluster_api/cluster_api_state.h"
#include "sim/paths/queue/reconcile_loop.h"

namespace casim::sim {

class MachineHealthCheck {
 public:
  // The state outlives it.
  explicit MachineHealthCheck(ClusterApiState& state);

  ReconcileLoop& loop() { return loop_; }

 private:
  struct Verdict {
    bool is_unhealthy = false;
    bool is_healthy = false;
    std::optional<Duration> look_again;
  };

  Awaitable<RoundEnd> round();
  Verdict judge(const MachineObject& machine) const;
  Verdict judge_start(const MachineObject& machine, WallTime now) const;
  Awaitable<void> mark(std::uint32_t machine, MachineHealth health, bool needs_remediation);

  ClusterApiState& state_;
  bool is_pause_known_ = false;
  ReconcileLoop loop_;
};

}  // namespace casim::sim

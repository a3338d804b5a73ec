// Crossplane's core for xMachines: runs the function pipeline, composes the Request, copies its
// status up, and takes it down first when the xMachine is deleted (assumed: with foreground
// deletion). Hears of Requests through a breaker for each xMachine. Source: provisioning-paths.md
// 1.4 [XP composite/reconciler.go].
#pragma once

#include <cstdint>
#include <map>

#include "sim/paths/crossplane/breaker.h"
#include "sim/paths/crossplane/config.h"
#include "sim/paths/crossplane/managed_copy.h"
#include "sim/paths/crossplane/xmachine.h"
#include "sim/paths/queue/reconcile_loop.h"

namespace casim::sim {

class XrController {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    XMachineStore& machines;
    ManagedStore& requests;
    KubeClient& kube;
  };

  XrController(Ports ports, const CrossplaneConfig& config);

  ReconcileLoop& loop() { return loop_; }

  // Null: of none that is known.
  const XMachine* owner_of(std::uint32_t request) const;

  // What the composed Request belongs to.
  void own(std::uint32_t request, std::uint32_t machine) { owner_[request] = machine; }

  std::uint64_t dropped_events() const { return dropped_; }

 private:
  void on_request(std::uint32_t request, const Managed* before, const Managed* after);
  Awaitable<RoundEnd> round(std::uint32_t key);
  Awaitable<RoundEnd> take_down(std::uint32_t key, const XMachine& machine);
  Awaitable<void> compose(std::uint32_t key);
  Awaitable<void> copy_status(std::uint32_t key, const XMachine& machine);
  Breaker& breaker(std::uint32_t key);

  Ports ports_;
  const CrossplaneConfig& config_;
  std::map<std::uint32_t, std::uint32_t> owner_;  // by request
  std::map<std::uint32_t, Breaker> breakers_;     // by machine
  std::uint64_t dropped_ = 0;
  std::uint64_t rounds_ = 0;
  ReconcileLoop loop_;
};

}  // namespace casim::sim

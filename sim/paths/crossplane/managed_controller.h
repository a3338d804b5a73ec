// A controller of crossplane-runtime in provider-http: one of Request and DisposableRequest. It
// reconciles what changes in spec, labels or annotations (not in the status, and not in the two
// marks of a creation that it makes itself), by the classic work queue, behind the provider's gate.
// Source: provisioning-paths.md 0, 1.1 [XR predicates.go, ratelimiter; PH main.go].
#pragma once

#include <cstdint>

#include "sim/paths/crossplane/external_client.h"
#include "sim/paths/crossplane/managed_reconciler.h"
#include "sim/paths/queue/reconcile_gate.h"
#include "sim/paths/queue/reconcile_loop.h"

namespace casim::sim {

struct ManagedControllerConfig {
  int workers = 10;
  Duration backoff_base = std::chrono::seconds(1);
  Duration backoff_max = std::chrono::seconds(60);
  Duration resync = std::chrono::hours(1);  // --sync; 0: never
  ReconcilerConfig reconciler;
};

class ManagedController {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ManagedStore& store;
    KubeClient& kube;
    ExternalClient& external;
    ReconcileGate& gate;
  };

  // `number`: of the controller, at the gate.
  ManagedController(Ports ports, int number, ManagedControllerConfig config);
  ManagedController(const ManagedController&) = delete;
  ManagedController& operator=(const ManagedController&) = delete;

  // The process is dead: rounds end where they stand, and events pass unheard until restart().
  void crash();
  // Begins with every object there is.
  void restart();

  std::uint64_t rounds() const { return loop_.rounds(); }

 private:
  void on_change(ManagedStore::Key key, const Managed* before, const Managed* after);
  Awaitable<RoundEnd> round(ManagedStore::Key key);
  Awaitable<RoundEnd> observe_error(ManagedStore::Key key, RoundEnd end);
  void resync_later();
  void add_all();

  Ports ports_;
  ManagedControllerConfig config_;
  ManagedReconciler reconciler_;
  ReconcileLoop loop_;
  EventHandle resync_;
};

}  // namespace casim::sim

// The reconciler of crossplane-runtime: one round for one managed resource. It observes, then
// creates, updates or removes, and marks the beginning and the end of each creation in annotations,
// so that a crash in between is noticed. Conflicts end a round quietly and count as failures.
// Source: provisioning-paths.md 1.2 [XR pkg/reconciler/managed/reconciler.go v2.0.0].
#pragma once

#include "sim/paths/crossplane/external_client.h"
#include "sim/paths/crossplane/managed_copy.h"
#include "sim/paths/queue/reconcile_loop.h"
#include "src/core/asio.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

struct ReconcilerConfig {
  Duration poll = std::chrono::seconds(60);
  Duration poll_jitter{};  // so much longer or shorter at most
  Duration timeout = std::chrono::seconds(600);
  Duration create_grace = std::chrono::seconds(30);
  bool has_deterministic_name = false;  // goes on after a creation that is incomplete
};

class ManagedReconciler {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ManagedStore& store;
    KubeClient& kube;
    ExternalClient& external;
  };

  ManagedReconciler(Ports ports, ReconcilerConfig config) : ports_(ports), config_(config) {}

  Awaitable<RoundEnd> reconcile(ManagedStore::Key key);

 private:
  // Writes the status, and ends so if that succeeded.
  Awaitable<RoundEnd> finish(ManagedCopy& copy, RoundEnd end);
  Awaitable<RoundEnd> fail(ManagedCopy& copy);
  // False: the round is over.
  Awaitable<bool> prepare(ManagedCopy& copy, RoundEnd& end);
  Awaitable<RoundEnd> act(ManagedCopy& copy, Observation seen);
  Awaitable<RoundEnd> remove(ManagedCopy& copy, bool exists);
  Awaitable<RoundEnd> create(ManagedCopy& copy);
  Awaitable<RoundEnd> up_to_date(ManagedCopy& copy);
  Awaitable<Result<void>> update_critical_annotations(ManagedCopy& copy);
  bool is_in_grace(const ManagedCopy& copy) const;

  Ports ports_;
  ReconcilerConfig config_;
};

}  // namespace casim::sim

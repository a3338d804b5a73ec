// How a workload controller creates, replaces and deletes pods: through an API client of its own,
// so that its writes take turns in its own token bucket (algorithm 6.2: kube-controller-manager
// limits each controller by itself), its Events among them. Upstream's name
// [k8s:pkg/controller/controller_utils.go].
#pragma once

#include <functional>
#include <string>

#include "sim/apiserver/api_server.h"
#include "sim/workloads/controller_events.h"

namespace casim::sim {

class PodControl {
 public:
  // True: the write was applied.
  using Done = std::move_only_function<void(bool ok)>;

  // Adds the client to the server, which outlives this.
  PodControl(ApiServer& api, ApiClientConfig config);

  // Tells how it went, and records an Event about the owner.
  void create(NewPod pod, Done done);
  // As deleted, after the pod's own grace period. False: it is gone already.
  void remove(PodId pod, Done done);

  // Without an Event; nobody hears of success but through the watch.
  void create(NewPod pod);
  void remove(PodId pod);

  // The pod that takes over the work of one that is gone or will be: the same index, the next
  // incarnation.
  NewPod replacement_of(const Pod& gone) const;

  const PodLife& life(PodId pod) const { return api_.cluster().life(pod); }

  ApiClient& client() { return client_; }

  ControllerEvents& events() { return events_; }

 private:
  ApiServer& api_;
  ApiClient& client_;
  ControllerEvents events_;
};

}  // namespace casim::sim

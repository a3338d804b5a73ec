// How a workload controller creates, replaces and deletes pods: through an API client of its own,
// so that its writes take turns in its own token bucket (algorithm 6.2: kube-controller-manager
// limits each controller by itself). Upstream's name [k8s:pkg/controller/controller_utils.go].
#pragma once

#include "sim/apiserver/api_server.h"

namespace casim::sim {

class PodControl {
 public:
  // Adds the client to the server, which outlives this.
  PodControl(ApiServer& api, ApiClientConfig config);

  // Nobody hears of success but through the watch.
  void create(NewPod pod);
  // As deleted, after the pod's own grace period. Nothing happens to one that is gone by then.
  void remove(PodId pod);

  // The pod that takes over the work of one that is gone or will be: the same index, the next
  // incarnation.
  NewPod replacement_of(const Pod& gone) const;

  const PodLife& life(PodId pod) const { return api_.cluster().life(pod); }

 private:
  ApiServer& api_;
  ApiClient& client_;
};

}  // namespace casim::sim

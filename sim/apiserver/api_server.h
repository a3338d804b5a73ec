// The API server: every write of the world passes it, and everybody sees the world through its
// watches. It models what costs time and what decides: client-side rate limits (a token bucket per
// client), write latency, watch delay, conflicts of stale writes, and object times cut to whole
// seconds. State and invariants are the Cluster's. Source: design section 1, algorithm 5.4.
//
// A write takes its turn in its client's bucket, in order of submission; is applied after the
// write latency; and answers at that instant. Watchers see it `watch_delay` later, in the order in
// which writes were applied.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "src/core/distribution.h"
#include "src/core/random.h"
#include "src/core/result.h"
#include "sim/cluster/cluster.h"
#include "sim/cluster/watch.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"

namespace casim::sim {

struct ApiServerConfig {
  Distribution write_latency;  // default none; scenarios give p50 and p99
};

// One user of the API: scheduler 50/100, cluster-autoscaler 5/10, controllers 20/30.
struct ApiClientConfig {
  std::string name;
  double qps = 0;  // 0: no limit
  int burst = 0;
  Phase phase = Phase::kWorld;  // in which its answers arrive
};

class ApiServer;

class ApiClient {
 public:
  template <class T>
  using Done = std::move_only_function<void(Result<T>)>;

  // kConflict when the pod is bound already or the node is gone, kNotFound when the pod is.
  void bind(PodId pod, NodeId node, Done<void> done);
  void mark_unschedulable(PodId pod, std::string message, Done<void> done);
  void nominate(PodId pod, std::string node, Done<void> done);
  void create_pod(NewPod pod, Done<PodId> done);
  // Starts graceful deletion; the kubelet finishes it. An unbound pod goes at once.
  void delete_pod(PodId pod, PodEnd how, Duration grace, Done<void> done);
  // `change` edits a copy of the newest version; refused with kConflict if `resource_version` is
  // not 0 and not that of the newest.
  void update_node(NodeId node, std::uint64_t resource_version,
                   std::move_only_function<void(Node&)> change, Done<NodePtr> done);
  // Takes a token and time, changes nothing that is modelled: events, the status ConfigMap, reads
  // past the watch.
  void touch(Done<void> done);

 private:
  friend class ApiServer;
  struct State;
  explicit ApiClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim

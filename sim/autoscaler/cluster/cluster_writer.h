// The autoscaler's writes to the API server. In the simulation each passes CA's client limit, the
// write latency and the conflict check; in the little world it is done at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/asio.h"
#include "src/core/result.h"

namespace casim::sim {

// A change of a node, made against the version that the caller has read.
struct NodeUpdate {
  std::string node;
  std::uint64_t resource_version = 0;      // of the version the caller has read
  std::vector<Taint> add_taints;           // the value is that of the taint: unix seconds
  std::vector<std::string> remove_taints;  // by key
  std::optional<bool> unschedulable;       // cordon or uncordon
};

// The status ConfigMap: what the autoscaler publishes at the end of a loop, as JSON text in the
// form of the loop oracle ("status" of loops/README.md section 4).
struct StatusWrite {
  std::function<std::string()> json;  // makes the text; may be called until the write waits
};

// The port to the API server. Errors carry gRPC's codes, and kConflict.
class ClusterWriter {
 public:
  virtual ~ClusterWriter() = default;
  // kConflict: the node has changed since that version; kNotFound: it is gone.
  virtual Awaitable<Result<NodePtr>> update_node(NodeUpdate update) = 0;
  // A read that bypasses the watch, as before a retry of a refused write.
  virtual Awaitable<Result<NodePtr>> get_node(std::string name) = 0;
  // Once; kResourceExhausted: a disruption budget forbids it now.
  virtual Awaitable<Result<void>> evict(PodId pod, Duration grace) = 0;
  // kNotFound: gone. As the API server has it now.
  virtual Awaitable<Result<Pod>> get_pod(PodId pod) = 0;
  virtual Awaitable<Result<void>> write_status(StatusWrite status) = 0;
  // A Kubernetes Event. What it says decides nothing, but it shares the limit of the others.
  virtual Awaitable<Result<void>> write_event() = 0;
};

}  // namespace casim::sim

// aws-node-termination-handler in its IMDS mode: a DaemonSet whose pod on each node asks the
// instance's metadata for an interruption, then cordons and drains its own node
// [github.com/aws/aws-node-termination-handler: cmd, pkg/interruptionevent, pkg/node].
// Each pod is an API client of its own, with client-go's limit of 5 requests a second and 10 at
// once. Not modelled: that pod's own end, rebalance recommendations, the looks by which a drain
// waits for pods to be gone.
#pragma once

#include <string_view>

#include "sim/apiserver/api_server.h"
#include "sim/controllers/node_termination_handler_config.h"
#include "src/core/random.h"

namespace casim::sim {

inline constexpr std::string_view kSpotInterruptionTaint = "aws-node-termination-handler/spot-itn";

class NodeTerminationHandler {
 public:
  // All outlive it.
  NodeTerminationHandler(Kernel& kernel, ApiServer& api, const Random& random,
                         NodeTerminationHandlerConfig config);

  // The metadata of the node's machine say from now on that it ends then.
  void on_notice(NodeId node, TimePoint end);

 private:
  void handle(NodeId node);
  void drain(NodeId node, ApiClient& client, TimePoint give_up_at);
  void evict(PodId pod, ApiClient& client, TimePoint give_up_at);

  Kernel& kernel_;
  ApiServer& api_;
  const Random& random_;
  NodeTerminationHandlerConfig config_;
};

}  // namespace casim::sim

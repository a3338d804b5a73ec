// The 15 calls of the externalgrpc contract as the autoscaler makes them: one call here is one RPC,
// no cache, no retry. CloudProvider stands above it. Implemented over real gRPC by sim/rpc, and
// directly by the little world of the loop oracle. Source: externalgrpc.md section 1.
//   - The answer comes when the reply would: latency is behind this port.
//   - At `deadline` at the latest the call ends with DEADLINE_EXCEEDED; the server may have acted.
//   - A caller that is cancelled cancels the call.
// Nodes are passed as objects, not as the four fields that travel, so that a call that is answered
// without the wire copies no labels: a quiet loop asks for each of its nodes. Requires: not null.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/asio.h"
#include "src/core/id.h"
#include "src/core/quantity.h"
#include "src/core/result.h"
#include "src/core/rpc_method.h"
#include "src/core/time.h"

namespace casim::sim {

// Who calls, and until when.
struct RpcContext {
  LoopId loop;  // none: the 2-minute refresher, a deletion
  TimePoint deadline = kTimeNever;
};

// NodeGroup of the contract. Sizes in nodes.
struct RpcNodeGroup {
  std::string id;
  int min_size = 0;
  int max_size = 0;
  std::string debug;

  bool operator==(const RpcNodeGroup&) const = default;
};

// InstanceErrorInfo of the contract.
struct RpcInstanceError {
  std::string code;  // empty: the client takes it for no error
  std::string message;
  int error_class = 0;  // 1 out of resources, 99 other

  bool operator==(const RpcInstanceError&) const = default;
};

// InstanceStatus.InstanceState of the contract, with its numbers.
enum class RpcInstanceState { kUnspecified = 0, kRunning = 1, kCreating = 2, kDeleting = 3 };

// Instance of the contract.
struct RpcInstance {
  std::string id;                                           // equal to the provider id of its node
  RpcInstanceState state = RpcInstanceState::kUnspecified;  // unspecified: no status at all
  std::optional<RpcInstanceError> error;

  bool operator==(const RpcInstance&) const = default;
};

// NodeGroupAutoscalingOptions of the contract: an answer sets all of them, 0 means 0.
struct RpcOptions {
  double scale_down_utilization_threshold = 0;
  double scale_down_gpu_utilization_threshold = 0;
  Duration scale_down_unneeded_time{};
  Duration scale_down_unready_time{};
  Duration max_node_provision_time{};
  bool zero_or_max_node_scaling = false;
  bool ignore_daemonsets_utilization = false;

  bool operator==(const RpcOptions&) const = default;
};

// The calls, named as in the contract. Errors carry the gRPC code.
class ProviderRpc {
 public:
  template <class T>
  using Reply = Awaitable<Result<T>>;

  virtual ~ProviderRpc() = default;

  virtual Reply<std::vector<RpcNodeGroup>> node_groups(RpcContext) = 0;
  // No value: the node belongs to no group.
  virtual Reply<std::optional<RpcNodeGroup>> node_group_for_node(RpcContext, NodePtr node) = 0;
  virtual Reply<double> pricing_node_price(RpcContext, NodePtr node, WallTime start,
                                           WallTime end) = 0;
  virtual Reply<double> pricing_pod_price(RpcContext, PodSpecPtr pod, WallTime start,
                                          WallTime end) = 0;
  virtual Reply<std::string> gpu_label(RpcContext) = 0;
  virtual Reply<std::vector<std::string>> get_available_gpu_types(RpcContext) = 0;
  virtual Reply<void> cleanup(RpcContext) = 0;
  virtual Reply<void> refresh(RpcContext) = 0;
  virtual Reply<int> target_size(RpcContext, std::string group) = 0;
  virtual Reply<void> increase_size(RpcContext, std::string group, int delta) = 0;
  virtual Reply<void> delete_nodes(RpcContext, std::string group, std::vector<NodePtr> nodes) = 0;
  virtual Reply<void> decrease_target_size(RpcContext, std::string group, int delta) = 0;
  virtual Reply<std::vector<RpcInstance>> nodes(RpcContext, std::string group) = 0;
  // The template as a node object: labels, taints, capacity, allocatable, perhaps a provider id.
  // No value: an OK reply without a node, on which the real client crashes.
  virtual Reply<std::optional<Node>> template_node_info(RpcContext, std::string group) = 0;
  // No value: OK without options, which means the defaults.
  virtual Reply<std::optional<RpcOptions>> get_options(RpcContext, std::string group,
                                                       RpcOptions defaults) = 0;
};

}  // namespace casim::sim

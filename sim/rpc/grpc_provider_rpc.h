// The autoscaler's calls over real gRPC under virtual time. In memo mode a read whose answer is
// known is answered without the wire, at the same instant and with the same answer; mutations,
// Refresh, Cleanup and prices always travel.
//   - Latency is charged on the reply: the server acts when the call leaves.
//   - Deadlines are virtual: at the deadline the call is cancelled and ends. A reply that comes at
//     that very instant counts. A call made at or after its deadline never leaves.
#pragma once

#include <memory>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/autoscaler/cloudprovider/row_reads.h"
#include "sim/kernel/kernel.h"
#include "sim/rpc/memo_source.h"
#include "sim/rpc/rpc_conditions.h"
#include "sim/rpc/rpc_config.h"
#include "sim/rpc/rpc_counts.h"
#include "sim/rpc/simulated_server.h"
#include "src/core/random.h"

namespace casim::sim {

class GrpcProviderRpc final : public ProviderRpc, public RowReads {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    SimulatedServer& server;
    const MemoSource& memo;
    const RpcConditions& conditions;
    const Random& random;
    bool checks_memo = false;  // see Memo
  };

  GrpcProviderRpc(Ports ports, GrpcRpcConfig config);
  // Requires: no task awaits a call. Settles the kernel, for calls whose waiters are gone.
  ~GrpcProviderRpc() override;

  const RpcCounts& counts() const;

  Reply<std::vector<RpcNodeGroup>> node_groups(RpcContext context) override;
  Reply<std::optional<RpcNodeGroup>> node_group_for_node(RpcContext context, NodePtr node) override;
  Reply<double> pricing_node_price(RpcContext context, NodePtr node, WallTime start,
                                   WallTime end) override;
  Reply<double> pricing_pod_price(RpcContext context, PodSpecPtr pod, WallTime start,
                                  WallTime end) override;
  Reply<std::string> gpu_label(RpcContext context) override;
  Reply<std::vector<std::string>> get_available_gpu_types(RpcContext context) override;
  Reply<void> cleanup(RpcContext context) override;
  Reply<void> refresh(RpcContext context) override;
  Reply<int> target_size(RpcContext context, std::string group) override;
  Reply<void> increase_size(RpcContext context, std::string group, int delta) override;
  Reply<void> delete_nodes(RpcContext context, std::string group,
                           std::vector<NodePtr> nodes) override;
  Reply<void> decrease_target_size(RpcContext context, std::string group, int delta) override;
  Reply<std::vector<RpcInstance>> nodes(RpcContext context, std::string group) override;
  Reply<std::optional<Node>> template_node_info(RpcContext context, std::string group) override;
  Reply<std::optional<RpcOptions>> get_options(RpcContext context, std::string group,
                                               RpcOptions defaults) override;

  std::int64_t most_in_a_row(RpcMethod method, RpcContext context) override;
  bool is_undisturbed(RpcMethod method, RpcContext context, std::string_view group,
                      std::int64_t n) override;
  const Result<std::optional<RpcNodeGroup>>* known_node_group(const Node& node) override;
  const Result<std::optional<RpcOptions>>* known_options(const std::string& group,
                                                         const RpcOptions& defaults) override;
  void make_in_a_row(RpcMethod method, RpcContext context, std::int64_t calls) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim

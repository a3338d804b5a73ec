// The little world's cloud provider and API server: ProviderRpc with latencies and faults,
// ClusterWriter at once.
#pragma once

#include <string>
#include <vector>

#include "oracle/loops/little_record.h"
#include "oracle/loops/little_world.h"
#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/autoscaler/cluster/cluster_writer.h"

namespace casim::oracle {

// The provider of the little world, at the autoscaler's end of the wire.
class LittleProvider : public sim::ProviderRpc {
 public:
  LittleProvider(const LittleCase& given, LittleWorld& world, LittleRecord& record, Clock& clock);

  Reply<std::vector<sim::RpcNodeGroup>> node_groups(sim::RpcContext context) override;
  Reply<std::optional<sim::RpcNodeGroup>> node_group_for_node(sim::RpcContext context,
                                                              sim::NodePtr node) override;
  Reply<double> pricing_node_price(sim::RpcContext context, sim::NodePtr node, WallTime start,
                                   WallTime end) override;
  Reply<double> pricing_pod_price(sim::RpcContext context, sim::PodSpecPtr pod, WallTime start,
                                  WallTime end) override;
  Reply<std::string> gpu_label(sim::RpcContext context) override;
  Reply<std::vector<std::string>> get_available_gpu_types(sim::RpcContext context) override;
  Reply<void> cleanup(sim::RpcContext context) override;
  Reply<void> refresh(sim::RpcContext context) override;
  Reply<int> target_size(sim::RpcContext context, std::string group) override;
  Reply<void> increase_size(sim::RpcContext context, std::string group, int delta) override;
  Reply<void> delete_nodes(sim::RpcContext context, std::string group,
                           std::vector<sim::NodePtr> nodes) override;
  Reply<void> decrease_target_size(sim::RpcContext context, std::string group, int delta) override;
  Reply<std::vector<sim::RpcInstance>> nodes(sim::RpcContext context, std::string group) override;
  Reply<std::optional<sim::Node>> template_node_info(sim::RpcContext context,
                                                     std::string group) override;
  Reply<std::optional<sim::RpcOptions>> get_options(sim::RpcContext context, std::string group,
                                                    sim::RpcOptions defaults) override;

 private:
  // What the call's way back does to it: a fault's code, the deadline.
  struct Fate {
    const FaultGiven* fault = nullptr;
    Duration latency{};

    bool is_refused() const { return fault != nullptr && fault->code != 0; }

    bool has_effect() const { return !is_refused() || fault->applied; }

    const WrongGiven* wrong() const {
      return fault != nullptr && fault->wrong ? &*fault->wrong : nullptr;
    }
  };

  // The call arrives: counted, and its fate decided.
  Fate arrive(RpcMethod method, const std::string& group);
  // Waits for the answer's way; what the client sees instead of the server's answer, if anything.
  Awaitable<Result<void>> come_back(Fate fate, sim::RpcContext context);

  Result<void> do_increase(const std::string& group, int delta);
  Result<void> do_delete(const std::string& group, const std::vector<sim::NodePtr>& nodes);
  Result<void> do_decrease(const std::string& group, int delta);
  Awaitable<Result<void>> finish(Fate fate, sim::RpcContext context, Result<void> done,
                                 Mutation mutation);
  sim::RpcNodeGroup rpc_group(const GroupGiven& group) const;

  const LittleCase& given_;
  LittleWorld& world_;
  LittleRecord& record_;
  Clock& clock_;
};

// The API server of the little world: takes every write at once, unless the node has changed since.
class LittleApi : public sim::ClusterWriter {
 public:
  LittleApi(LittleWorld& world, LittleRecord& record) : world_(world), record_(record) {}

  Awaitable<Result<sim::NodePtr>> update_node(sim::NodeUpdate update) override;
  Awaitable<Result<sim::NodePtr>> get_node(std::string name) override;
  Awaitable<Result<void>> evict(sim::PodId pod, Duration grace) override;
  Awaitable<Result<sim::Pod>> get_pod(sim::PodId pod) override;
  Awaitable<Result<void>> write_status(sim::StatusWrite status) override;
  Awaitable<Result<void>> write_event() override;

 private:
  LittleWorld& world_;
  LittleRecord& record_;
};

}  // namespace casim::oracle

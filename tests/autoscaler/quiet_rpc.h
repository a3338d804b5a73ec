// A provider that has nothing and takes every order, at once: a base for those that a test or a
// bench needs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"

namespace casim::sim {

class QuietRpc : public ProviderRpc {
 public:
  Reply<std::vector<RpcNodeGroup>> node_groups(RpcContext) override {
    co_return std::vector<RpcNodeGroup>();
  }

  Reply<std::optional<RpcNodeGroup>> node_group_for_node(RpcContext, NodePtr) override {
    co_return std::nullopt;
  }

  Reply<double> pricing_node_price(RpcContext, NodePtr, WallTime, WallTime) override {
    co_return 0.0;
  }

  Reply<double> pricing_pod_price(RpcContext, PodSpecPtr, WallTime, WallTime) override {
    co_return 0.0;
  }

  Reply<std::string> gpu_label(RpcContext) override { co_return "gpu"; }

  Reply<std::vector<std::string>> get_available_gpu_types(RpcContext) override {
    co_return std::vector<std::string>();
  }

  Reply<void> cleanup(RpcContext) override { co_return Result<void>(); }

  Reply<void> refresh(RpcContext) override { co_return Result<void>(); }

  Reply<int> target_size(RpcContext, std::string) override { co_return 0; }

  Reply<void> increase_size(RpcContext, std::string, int) override { co_return Result<void>(); }

  Reply<void> delete_nodes(RpcContext, std::string, std::vector<NodePtr>) override {
    co_return Result<void>();
  }

  Reply<void> decrease_target_size(RpcContext, std::string, int) override {
    co_return Result<void>();
  }

  Reply<std::vector<RpcInstance>> nodes(RpcContext, std::string) override {
    co_return std::vector<RpcInstance>();
  }

  Reply<std::optional<Node>> template_node_info(RpcContext, std::string) override {
    co_return std::nullopt;
  }

  Reply<std::optional<RpcOptions>> get_options(RpcContext, std::string, RpcOptions) override {
    co_return failure(ErrorCode::kUnimplemented, "no options");
  }
};

}  // namespace casim::sim

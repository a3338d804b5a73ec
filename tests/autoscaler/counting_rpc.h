// A provider that answers after a while and counts what it is asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/provider_rpc.h"
#include "src/core/clock.h"

namespace casim::sim {

// Answers after 100 ms, and counts what it is asked.
class CountingRpc : public ProviderRpc {
 public:
  explicit CountingRpc(Clock& clock) : clock_(clock) {}

  Reply<std::vector<RpcNodeGroup>> node_groups(RpcContext) override {
    co_await count("NodeGroups");
    if (fails) co_return failure(ErrorCode::kUnavailable, "down");
    std::vector<RpcNodeGroup> groups(1);
    groups.front() = RpcNodeGroup{"g", 1, 5, ""};
    co_return groups;
  }

  Reply<std::optional<RpcNodeGroup>> node_group_for_node(RpcContext, NodePtr node) override {
    co_await count("NodeGroupForNode");
    if (node->name == "foreign") co_return std::nullopt;
    co_return RpcNodeGroup{"g", 1, 5, ""};
  }

  Reply<double> pricing_node_price(RpcContext, NodePtr, WallTime, WallTime) override {
    co_return 0.0;
  }

  Reply<double> pricing_pod_price(RpcContext, PodSpecPtr, WallTime, WallTime) override {
    co_return 0.0;
  }

  Reply<std::string> gpu_label(RpcContext) override {
    co_await count("GPULabel");
    co_return "";
  }

  Reply<std::vector<std::string>> get_available_gpu_types(RpcContext) override {
    co_return std::vector<std::string>();
  }

  Reply<void> cleanup(RpcContext) override { co_return Result<void>(); }

  Reply<void> refresh(RpcContext) override {
    co_await count("Refresh");
    co_return Result<void>();
  }

  Reply<int> target_size(RpcContext context, std::string) override {
    deadline = context.deadline;
    co_await count("TargetSize");
    co_return 3;
  }

  Reply<void> increase_size(RpcContext, std::string, int) override { co_return Result<void>(); }

  Reply<void> delete_nodes(RpcContext, std::string, std::vector<NodePtr>) override {
    co_return Result<void>();
  }

  Reply<void> decrease_target_size(RpcContext, std::string, int) override {
    co_return Result<void>();
  }

  Reply<std::vector<RpcInstance>> nodes(RpcContext, std::string) override {
    std::vector<RpcInstance> list(2);
    list[0] = RpcInstance{"a", RpcInstanceState::kUnspecified, RpcInstanceError{"x", "", 1}};
    list[1] = RpcInstance{"b", RpcInstanceState::kCreating, RpcInstanceError{"", "text", 1}};
    co_return list;
  }

  Reply<std::optional<Node>> template_node_info(RpcContext, std::string) override {
    co_await count("Template");
    co_return std::optional<Node>(Node());
  }

  Reply<std::optional<RpcOptions>> get_options(RpcContext, std::string, RpcOptions) override {
    if (no_options) co_return failure(ErrorCode::kUnimplemented, "none");
    co_return std::optional<RpcOptions>(RpcOptions());
  }

  std::map<std::string, int> calls;
  TimePoint deadline{};
  bool fails = false;
  bool no_options = true;

 private:
  Awaitable<void> count(std::string name) {
    ++calls[name];
    co_await clock_.sleep_for(std::chrono::milliseconds(100));
  }

  Clock& clock_;
};

}  // namespace casim::sim

// A provider that answers after a while and counts what it is asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/core/clock.h"
#include "tests/autoscaler/quiet_rpc.h"

namespace casim::sim {

// Answers after 100 ms, and counts what it is asked.
class CountingRpc : public QuietRpc {
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

  Reply<std::string> gpu_label(RpcContext) override {
    co_await count("GPULabel");
    co_return "";
  }

  Reply<void> refresh(RpcContext) override {
    co_await count("Refresh");
    co_return Result<void>();
  }

  Reply<int> target_size(RpcContext context, std::string) override {
    deadline = context.deadline;
    co_await count("TargetSize");
    co_return 3;
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

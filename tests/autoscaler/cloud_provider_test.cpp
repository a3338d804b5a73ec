#include "sim/autoscaler/cloudprovider/cloud_provider.h"

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "tests/autoscaler/counting_rpc.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

struct CloudWorld {
  CloudWorld()
      : kernel(WallTime{}),
        clock(kernel.clock(Phase::kAutoscaler)),
        rpc(clock),
        provider(rpc, clock, kernel.executor(), std::chrono::seconds(5)) {}

  void run(Awaitable<void> task) {
    spawn(kernel.executor(), std::move(task));
    kernel.run(kTimeNever, 10000);
  }

  Duration elapsed() const { return kernel.now().time_since_epoch(); }

  Kernel kernel;
  Clock& clock;
  CountingRpc rpc;
  CloudProvider provider;
};

Awaitable<void> ask_group_of(CloudWorld& world, NodePtr node) {
  co_await world.provider.group_of(LoopId(1), node);
}

Awaitable<void> use_all(CloudWorld& world) {
  CloudProvider& provider = world.provider;
  co_await provider.node_groups(LoopId(1));
  co_await provider.node_groups(LoopId(1));
  co_await provider.group_of(LoopId(1), make_node("ours", 1));
  co_await provider.group_of(LoopId(1), make_node("ours", 1));
  co_await provider.group_of(LoopId(1), make_node("foreign", 1));
  co_await provider.group_of(LoopId(1), make_node("foreign", 1));
  co_await provider.gpu_label(LoopId(1));
  co_await provider.gpu_label(LoopId(1));
}

Awaitable<void> refresh(CloudWorld& world) { co_await world.provider.refresh(LoopId(2)); }

}  // namespace

TEST_CASE("lists and positive lookups are kept until the next Refresh, the GPU label for ever",
          "[autoscaler]") {
  CloudWorld world;
  world.run(use_all(world));
  CHECK(world.rpc.calls["NodeGroups"] == 1);
  CHECK(world.rpc.calls["NodeGroupForNode"] == 3);  // once ours, twice the foreign one
  CHECK(world.rpc.calls["GPULabel"] == 1);
  world.run(refresh(world));
  world.run(use_all(world));
  CHECK(world.rpc.calls["NodeGroups"] == 2);
  CHECK(world.rpc.calls["NodeGroupForNode"] == 6);
  CHECK(world.rpc.calls["GPULabel"] == 1);
}

TEST_CASE("an error of NodeGroups is an empty list that is not kept", "[autoscaler]") {
  CloudWorld world;
  world.rpc.fails = true;
  world.run(use_all(world));
  CHECK(world.rpc.calls["NodeGroups"] == 2);
}

TEST_CASE("calls under the provider's lock never overlap", "[autoscaler]") {
  CloudWorld world;
  spawn(world.kernel.executor(), ask_group_of(world, make_node("a", 1)));
  spawn(world.kernel.executor(), ask_group_of(world, make_node("b", 1)));
  world.run(ask_group_of(world, make_node("a", 1)));  // the third finds the first one's answer
  CHECK(world.rpc.calls["NodeGroupForNode"] == 2);
  CHECK(world.elapsed() == std::chrono::milliseconds(200));
}

TEST_CASE("a node group keeps its template, never its size, and adds the deadline",
          "[autoscaler]") {
  CloudWorld world;
  const auto task = [](CloudWorld& w) -> Awaitable<void> {
    const std::vector<NodeGroupPtr> groups = co_await w.provider.node_groups(LoopId(1));
    const NodeGroupPtr group = groups.front();
    co_await group->template_node(LoopId(1));
    co_await group->template_node(LoopId(1));
    co_await group->target_size(LoopId(1));
    co_await group->target_size(LoopId(1));
    const Result<std::vector<RpcInstance>> instances = co_await group->nodes(LoopId(1));
    CHECK_FALSE((*instances)[0].error);  // no state, no error
    CHECK_FALSE((*instances)[1].error);  // no code, no error
  };
  world.run(task(world));
  CHECK(world.rpc.calls["Template"] == 1);
  CHECK(world.rpc.calls["TargetSize"] == 2);
  CHECK(world.rpc.deadline == kTimeZero + std::chrono::milliseconds(5300));
}

TEST_CASE("a provider that answers with options has no startup time", "[autoscaler]") {
  CloudWorld world;
  world.rpc.no_options = GENERATE(true, false);
  const auto task = [](CloudWorld& w) -> Awaitable<void> {
    const std::vector<NodeGroupPtr> groups = co_await w.provider.node_groups(LoopId(1));
    const NodeGroupPtr group = groups.front();
    NodeGroupOptions defaults;
    const Result<NodeGroupOptions> options = co_await group->options(LoopId(1), defaults);
    REQUIRE(options);
    if (w.rpc.no_options) {
      CHECK(*options == defaults);
    } else {
      CHECK(options->max_node_startup_time == Duration{});
    }
  };
  world.run(task(world));
}

}  // namespace casim::sim

#include "tests/catch.h"
#include "tests/rpc/rpc_world.h"

namespace casim::sim {

using namespace std::chrono_literals;

TEST_CASE("a read that was answered before needs no wire until its group changes", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  const RpcCounts& counts = world.rpc.counts();
  for (int i = 0; i < 5; ++i) world.call(world.rpc.target_size(world.loop(1), "a"));
  CHECK(counts[RpcMethod::kTargetSize] == RpcCount{.wire = 1, .memo = 4});

  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "b-c", 1)));
  world.call(world.rpc.target_size(world.loop(1), "a"));  // another group's affair
  CHECK(counts[RpcMethod::kTargetSize] == RpcCount{.wire = 1, .memo = 5});

  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 1);
  CHECK(counts[RpcMethod::kTargetSize].wire == 2);
}

TEST_CASE("wire mode sends every call", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kWire));
  for (int i = 0; i < 3; ++i) world.call(world.rpc.gpu_label(world.loop(1)));
  CHECK(world.rpc.counts()[RpcMethod::kGpuLabel] == RpcCount{.wire = 3, .memo = 0});
}

TEST_CASE("what has an effect always travels", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  for (int i = 0; i < 3; ++i) {
    world.call(world.rpc.refresh(world.loop(1)));
    world.call(world.rpc.cleanup(world.loop(1)));
  }
  CHECK(world.rpc.counts()[RpcMethod::kRefresh].wire == 3);
  CHECK(world.rpc.counts()[RpcMethod::kCleanup].wire == 3);
}

TEST_CASE("a first join travels although the node was asked for before", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(5s);
  const auto nodes = world.call(world.rpc.nodes(world.loop(1), "a"));
  const std::string id = nodes->at(0).id;
  // As CA names an instance that has no node yet.
  auto fake = std::make_shared<Node>(*node_named(id, id));
  fake->annotations["k8s.io/cluster-autoscaler/fake-node-reason"] = "unregistered";
  world.call(world.rpc.node_group_for_node(world.loop(1), fake));
  world.call(world.rpc.node_group_for_node(world.loop(1), fake));
  const NodePtr node = node_named("ip-1", id);
  for (int i = 0; i < 3; ++i) world.call(world.rpc.node_group_for_node(world.loop(1), node));
  // The question with the join, one under the new generation, and no more.
  CHECK(world.rpc.counts()[RpcMethod::kNodeGroupForNode] == RpcCount{.wire = 3, .memo = 2});
  const auto& facts = world.observer.facts;
  CHECK(std::ranges::count(facts, "joined 0") == 1);
}

TEST_CASE("nodes to come, which have another name in each loop, are asked for once", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  const auto upcoming = [](const std::string& name) {
    auto node = std::make_shared<Node>(*node_named(name, ""));
    node->annotations["cluster-autoscaler.k8s.io/upcoming-node"] = "true";
    return node;
  };
  for (const char* name :
       {"template-1-upcoming-0", "template-1-upcoming-1", "template-2-upcoming-0"}) {
    world.call(world.rpc.node_group_for_node(world.loop(1), upcoming(name)));
  }
  CHECK(world.rpc.counts()[RpcMethod::kNodeGroupForNode] == RpcCount{.wire = 1, .memo = 2});
  // Others are told apart by name.
  for (const char* name : {"ip-1", "ip-2"}) {
    world.call(world.rpc.node_group_for_node(world.loop(1), node_named(name, "")));
  }
  CHECK(world.rpc.counts()[RpcMethod::kNodeGroupForNode] == RpcCount{.wire = 3, .memo = 2});
}

TEST_CASE("a node's group needs no wire while only other nodes of the group change", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(5s);
  const std::string id = world.call(world.rpc.nodes(world.loop(1), "a"))->at(0).id;
  const NodePtr node = node_named("ip-1", id);
  for (int i = 0; i < 2; ++i) world.call(world.rpc.node_group_for_node(world.loop(1), node));
  CHECK(world.rpc.counts()[RpcMethod::kNodeGroupForNode] == RpcCount{.wire = 2, .memo = 0});

  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(5s);
  CHECK(world.call(world.rpc.node_group_for_node(world.loop(1), node))->value().id == "a");
  CHECK(world.rpc.counts()[RpcMethod::kNodeGroupForNode] == RpcCount{.wire = 2, .memo = 1});

  REQUIRE(world.call(world.rpc.delete_nodes(world.loop(1), "a", {node})));
  world.call(world.rpc.node_group_for_node(world.loop(1), node));
  CHECK(world.rpc.counts()[RpcMethod::kNodeGroupForNode].wire == 3);
}

TEST_CASE("a restart forgets every answer", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  world.call(world.rpc.get_options(world.loop(1), "a", RpcOptions{}));
  world.call(world.rpc.get_options(world.loop(1), "a", RpcOptions{}));
  CHECK(world.rpc.counts()[RpcMethod::kGetOptions] == RpcCount{.wire = 1, .memo = 1});
  world.crash();
  CHECK_FALSE(world.call(world.rpc.get_options(world.loop(1), "a", RpcOptions{})));
  world.restart();
  world.call(world.rpc.get_options(world.loop(1), "a", RpcOptions{}));
  CHECK(world.rpc.counts()[RpcMethod::kGetOptions] ==
        RpcCount{.wire = 3, .memo = 1, .failed = {{ErrorCode::kUnavailable, 1}}});
}

TEST_CASE("options that were asked for with other defaults are asked for again", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  RpcOptions defaults;
  world.call(world.rpc.get_options(world.loop(1), "a", defaults));
  defaults.zero_or_max_node_scaling = true;
  world.call(world.rpc.get_options(world.loop(1), "a", defaults));
  CHECK(world.rpc.counts()[RpcMethod::kGetOptions] == RpcCount{.wire = 2, .memo = 0});
}

TEST_CASE("equal reads of one loop cost equal times, another loop draws anew", "[rpc]") {
  GrpcRpcConfig config;
  config.mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(config);
  std::vector<Duration> took;
  for (const std::uint32_t loop : {1U, 1U, 1U, 2U}) {
    const TimePoint start = world.kernel.now();
    world.call(world.rpc.target_size(world.loop(loop), "a"));
    took.push_back(world.kernel.now() - start);
  }
  CHECK(took[0] >= 1us);
  CHECK(took[0] == took[1]);
  CHECK(took[0] == took[2]);
  CHECK(took[0] != took[3]);
}

TEST_CASE("a call outside a loop draws for itself", "[rpc]") {
  RpcWorld world(GrpcRpcConfig{.mode = RpcMode::kWire});
  std::vector<Duration> took;
  for (int i = 0; i < 2; ++i) {
    const TimePoint start = world.kernel.now();
    world.call(world.rpc.nodes(RpcContext{}, "a"));
    took.push_back(world.kernel.now() - start);
  }
  CHECK(took[0] != took[1]);
}

}  // namespace casim::sim

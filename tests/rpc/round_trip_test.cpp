#include "sim/rpc/call_id.h"
#include "tests/catch.h"
#include "tests/rpc/rpc_world.h"

namespace casim::sim {
namespace {

provider::Config rich_config() {
  provider::Config config = provider::small_config();
  provider::GroupConfig& group = config.groups[0];
  group.min_size = 0;
  group.max_size = 7;
  group.node_template.labels = {{"disk", "ssd"}, {"topology.kubernetes.io/zone", "us-east-1a"}};
  group.node_template.taints = {{"gpu", "yes", "NoSchedule"}, {"soft", "", "PreferNoSchedule"}};
  group.node_template.allocatable.cpu = MilliCpu(3920);
  group.node_template.allocatable.ephemeral_storage = Bytes(std::int64_t{20} << 30);
  group.node_template.allocatable.extended["nvidia.com/gpu"] = 2;
  group.node_template.capacity = group.node_template.allocatable;
  group.node_template.capacity.cpu = MilliCpu(4000);
  provider::GroupOptions options;
  options.scale_down_utilization_threshold = 0.7;
  options.scale_down_unneeded_time = std::chrono::seconds(90);
  options.max_node_provision_time = std::chrono::milliseconds(1'500);
  options.ignore_daemonsets_utilization = true;
  group.options = options;
  return config;
}

}  // namespace

TEST_CASE("groups and their sizes come back as the provider has them", "[rpc]") {
  const RpcMode mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(constant_latency(mode), commit_takes(std::chrono::milliseconds(5)), rich_config());
  for (int round = 0; round < 2; ++round) {
    const auto groups = world.call(world.rpc.node_groups(world.loop(1)));
    REQUIRE(groups);
    REQUIRE(groups->size() == 2);
    CHECK((*groups)[0].id == "a");
    CHECK((*groups)[0].max_size == 7);
    CHECK((*groups)[1].id == "b-c");
    CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 0);
  }
}

TEST_CASE("a template travels as a Kubernetes node", "[rpc]") {
  const RpcMode mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(constant_latency(mode), commit_takes(std::chrono::milliseconds(5)), rich_config());
  const provider::NodeTemplate& expected = world.provider_config.groups[0].node_template;
  for (int round = 0; round < 2; ++round) {
    const auto node = world.call(world.rpc.template_node_info(world.loop(1), "a"));
    REQUIRE(node);
    REQUIRE(*node);
    const Node& got = **node;
    CHECK(got.labels == Labels(expected.labels.begin(), expected.labels.end()));
    CHECK(got.taints == std::vector<Taint>{{"gpu", "yes", TaintEffect::kNoSchedule},
                                           {"soft", "", TaintEffect::kPreferNoSchedule}});
    CHECK(got.allocatable == expected.allocatable);
    CHECK(got.capacity == expected.capacity);
    CHECK(got.ready);
  }
}

TEST_CASE("options travel, and their absence is UNIMPLEMENTED", "[rpc]") {
  const RpcMode mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(constant_latency(mode), commit_takes(std::chrono::milliseconds(5)), rich_config());
  for (int round = 0; round < 2; ++round) {
    const auto set = world.call(world.rpc.get_options(world.loop(1), "a", RpcOptions{}));
    REQUIRE(set);
    REQUIRE(*set);
    CHECK((*set)->scale_down_utilization_threshold == 0.7);
    CHECK((*set)->scale_down_unneeded_time == std::chrono::seconds(90));
    CHECK((*set)->scale_down_unready_time == std::chrono::minutes(20));
    CHECK((*set)->max_node_provision_time == std::chrono::milliseconds(1'500));
    CHECK((*set)->ignore_daemonsets_utilization);
    const auto unset = world.call(world.rpc.get_options(world.loop(1), "b-c", RpcOptions{}));
    REQUIRE_FALSE(unset);
    CHECK(unset.error().code == ErrorCode::kUnimplemented);
  }
}

TEST_CASE("an order appears in size and instances, with its call id at the server", "[rpc]") {
  RpcWorld world;
  REQUIRE(world.call(world.rpc.increase_size(world.loop(4), "a", 3)));
  CHECK(world.call(world.rpc.target_size(world.loop(4), "a")) == 3);
  const auto nodes = world.call(world.rpc.nodes(world.loop(4), "a"));
  REQUIRE(nodes);
  REQUIRE(nodes->size() == 3);
  CHECK((*nodes)[0].state == RpcInstanceState::kCreating);

  REQUIRE(world.observer.calls.size() == 1);
  CHECK(loop_of(world.observer.calls[0]) == LoopId(4));
  const CallLog::Line& line = world.log.lines.at(1);
  CHECK(line.event == "finish");
  CHECK(line.method == RpcMethod::kIncreaseSize);
  CHECK(line.id == world.observer.calls[0]);
  CHECK(line.group == "a");
  CHECK(line.delta == 3);
  CHECK(line.code == 0);
}

TEST_CASE("a node is found once its machine is known, and its first question is its join",
          "[rpc]") {
  const RpcMode mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(constant_latency(mode));
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(std::chrono::seconds(5));
  const auto nodes = world.call(world.rpc.nodes(world.loop(1), "a"));
  REQUIRE(nodes);
  const NodePtr node = node_named("ip-10-0-0-1", (*nodes)[0].id);
  for (int round = 0; round < 3; ++round) {
    const auto group = world.call(world.rpc.node_group_for_node(world.loop(1), node));
    REQUIRE(group);
    REQUIRE(*group);
    CHECK((*group)->id == "a");
    CHECK((*group)->max_size == 10);
  }
  CHECK((*world.call(world.rpc.nodes(world.loop(1), "a")))[0].state == RpcInstanceState::kRunning);
  const NodePtr stranger = node_named("control-plane", "aws:///us-east-1a/i-other");
  for (int round = 0; round < 2; ++round) {
    const auto none = world.call(world.rpc.node_group_for_node(world.loop(1), stranger));
    REQUIRE(none);
    CHECK_FALSE(*none);
  }
}

TEST_CASE("orders are taken back and nodes deleted", "[rpc]") {
  RpcWorld world;
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 3)));
  world.advance(std::chrono::seconds(10));
  REQUIRE(world.call(world.rpc.decrease_target_size(world.loop(1), "a", -1)));
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 2);
  const auto nodes = world.call(world.rpc.nodes(world.loop(1), "a"));
  REQUIRE(nodes);
  std::vector<NodePtr> victims = {node_named("n1", nodes->at(0).id)};
  REQUIRE(world.call(world.rpc.delete_nodes(world.loop(1), "a", victims)));
  CHECK(world.call(world.rpc.target_size(world.loop(1), "a")) == 1);
  victims = {node_named("n2", "aws:///us-east-1a/i-other")};
  const auto foreign = world.call(world.rpc.delete_nodes(world.loop(1), "a", victims));
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().code == ErrorCode::kNotFound);
}

TEST_CASE("failures of machines travel with code, message and class", "[rpc]") {
  RpcWorld world;
  world.machines.refusals[SlotId(0)] = {"InsufficientInstanceCapacity", "none left",
                                        provider::SlotFailure::kOutOfResources};
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(std::chrono::seconds(5));
  const auto nodes = world.call(world.rpc.nodes(world.loop(1), "a"));
  REQUIRE(nodes);
  REQUIRE(nodes->size() == 1);
  REQUIRE((*nodes)[0].error);
  CHECK((*nodes)[0].error->code == "InsufficientInstanceCapacity");
  CHECK((*nodes)[0].error->message == "none left");
  CHECK((*nodes)[0].error->error_class == 1);
}

TEST_CASE("refresh, cleanup, accelerators and prices answer", "[rpc]") {
  RpcWorld world;
  CHECK(world.call(world.rpc.refresh(world.loop(1))));
  CHECK(world.call(world.rpc.cleanup(world.loop(1))));
  CHECK(world.call(world.rpc.gpu_label(world.loop(1))) == world.provider_config.gpu_label);
  CHECK(world.call(world.rpc.get_available_gpu_types(world.loop(1))));

  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(std::chrono::seconds(5));
  const auto nodes = world.call(world.rpc.nodes(world.loop(1), "a"));
  const WallTime start(std::chrono::hours(24 * 365));
  const NodePtr node = node_named("n", nodes->at(0).id);
  const auto price = world.call(
      world.rpc.pricing_node_price(world.loop(1), node, start, start + std::chrono::hours(1)));
  REQUIRE(price);
  CHECK(*price == Approx(0.096));

  auto spec = std::make_shared<PodSpec>();
  spec->requests.cpu = MilliCpu(1000);
  spec->requests.memory = Bytes(std::int64_t{1} << 30);
  const auto pod = world.call(
      world.rpc.pricing_pod_price(world.loop(1), spec, start, start + std::chrono::hours(1)));
  REQUIRE(pod);
  CHECK(*pod > 0);
}

TEST_CASE("an unknown group is NOT_FOUND, also from the memo", "[rpc]") {
  const RpcMode mode = GENERATE(RpcMode::kWire, RpcMode::kMemo);
  RpcWorld world(constant_latency(mode));
  for (int round = 0; round < 2; ++round) {
    const auto size = world.call(world.rpc.target_size(world.loop(1), "nope"));
    REQUIRE_FALSE(size);
    CHECK(size.error().code == ErrorCode::kNotFound);
  }
  const auto order = world.call(world.rpc.increase_size(world.loop(1), "nope", 1));
  REQUIRE_FALSE(order);
  CHECK(order.error().code == ErrorCode::kNotFound);
}

}  // namespace casim::sim

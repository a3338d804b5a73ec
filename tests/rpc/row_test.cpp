// Reads in a row against the same reads one by one: same answers, counts, and times.
#include <algorithm>
#include <vector>

#include "tests/catch.h"
#include "tests/rpc/rpc_world.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

constexpr int kReads = 20;

struct Read {
  TimePoint end{};
  RpcCount count;
  std::size_t in_rows = 0;

  bool operator==(const Read& other) const { return end == other.end && count == other.count; }
};

// Reads options so many times, in rows or each as a call; something happens at `event`.
struct Reader {
  Reader(TimePoint event, bool in_a_row) : uses_rows(in_a_row) {
    world.call(world.rpc.get_options(world.loop(1), "a", RpcOptions{}));  // from now on it is known
    world.kernel.at(event, Phase::kWorld, [] {});
  }

  Awaitable<void> read_all() {
    const RpcContext context = world.loop(1);
    for (int left = kReads; left > 0;) {
      const auto most = static_cast<int>(std::min<std::int64_t>(
          left, uses_rows ? world.rpc.most_in_a_row(RpcMethod::kGetOptions, context) : 0));
      if (most > 0) {
        REQUIRE(world.rpc.known_options("a", RpcOptions{}) != nullptr);
        world.rpc.make_in_a_row(RpcMethod::kGetOptions, context, most);
        in_rows += static_cast<std::size_t>(most);
        left -= most;
      } else {
        co_await world.rpc.get_options(context, "a", RpcOptions{});
        --left;
      }
    }
    end = world.kernel.now();
  }

  Read run() {
    world.tasks.spawn(read_all());
    world.kernel.run(world.kernel.now() + 1h, 10'000'000);
    return {end, world.rpc.counts()[RpcMethod::kGetOptions], in_rows};
  }

  RpcWorld world{constant_latency(RpcMode::kMemo)};
  bool uses_rows;
  TimePoint end{};
  std::size_t in_rows = 0;
};

}  // namespace

TEST_CASE("reads in a row take what they take one by one", "[rpc]") {
  const auto event = GENERATE(5'500us, 6ms, 10ms, 15'999us, 26ms, 1h);
  CAPTURE(event);
  const Read single = Reader(kTimeZero + event, false).run();
  const Read rows = Reader(kTimeZero + event, true).run();
  CHECK(rows == single);
  CHECK(single.in_rows == 0);
  CHECK(rows.in_rows >= kReads - 1);  // an event stops at most one of them
}

TEST_CASE("a row ends before a condition begins", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  const RpcContext context = world.loop(1);
  world.call(world.rpc.get_options(context, "a", RpcOptions{}));
  RpcCondition fault;
  fault.group = "a";
  fault.code = ErrorCode::kUnavailable;
  world.conditions.add(world.kernel.now() + 3500us, world.kernel.now() + 1h, fault);
  world.kernel.at(world.kernel.now() + 10h, Phase::kWorld, [] {});
  std::vector<bool> is_free;
  const auto ask = [&]() -> Awaitable<void> {
    CHECK(world.rpc.most_in_a_row(RpcMethod::kGetOptions, context) == 1000);  // to the run's end
    for (int i = 0; i < 5; ++i)
      is_free.push_back(world.rpc.is_undisturbed(RpcMethod::kGetOptions, context, "a", i));
    CHECK(world.rpc.is_undisturbed(RpcMethod::kGetOptions, context, "b-c", 4));
    co_return;
  };
  world.tasks.spawn(ask());
  world.advance(1s);
  CHECK(is_free == std::vector<bool>{true, true, true, true, false});  // from 4 ms on
}

TEST_CASE("there is no row on the wire, nor outside a loop", "[rpc]") {
  for (const RpcMode mode : {RpcMode::kWire, RpcMode::kMemo}) {
    RpcWorld world(constant_latency(mode));
    const RpcContext context = mode == RpcMode::kWire ? world.loop(1) : RpcContext{};
    std::int64_t most = -1;
    const auto ask = [&]() -> Awaitable<void> {
      most = world.rpc.most_in_a_row(RpcMethod::kNodeGroupForNode, context);
      co_return;
    };
    world.tasks.spawn(ask());
    world.advance(1s);
    CHECK(most == 0);
  }
}

TEST_CASE("a version of a node that was answered is known until its slot changes", "[rpc]") {
  RpcWorld world(constant_latency(RpcMode::kMemo));
  REQUIRE(world.call(world.rpc.increase_size(world.loop(1), "a", 1)));
  world.advance(5s);
  auto node = std::make_shared<Node>(
      *node_named("ip-1", world.call(world.rpc.nodes(world.loop(1), "a"))->at(0).id));
  node->id = NodeId(3);
  node->resource_version = 7;
  CHECK(world.rpc.known_node_group(*node) == nullptr);
  for (int i = 0; i < 2; ++i) world.call(world.rpc.node_group_for_node(world.loop(1), node));
  for (int i = 0; i < 2; ++i) {
    const auto* known = world.rpc.known_node_group(*node);
    REQUIRE(known != nullptr);
    CHECK((**known)->id == "a");
  }
  auto other = std::make_shared<Node>(*node);
  other->annotations["k8s.io/cluster-autoscaler/fake-node-reason"] = "unregistered";
  other->resource_version = 8;
  CHECK(world.rpc.known_node_group(*other) == nullptr);  // another question
  REQUIRE(world.call(world.rpc.delete_nodes(world.loop(1), "a", {node})));
  CHECK(world.rpc.known_node_group(*node) == nullptr);
}

}  // namespace casim::sim

#include "tests/controllers/controllers_world.h"

using namespace casim;
using namespace casim::sim;

TEST_CASE("a node is Unknown a grace period after the round that saw its last renewal",
          "[controllers]") {
  struct Row {
    Duration dies;  // renewals at 3, 13, 23, ...
    Duration unknown;
  };

  const Row row = GENERATE(Row{102s, 145s}, Row{104s, 155s}, Row{112500ms, 155s});
  CAPTURE(row.dies);
  ControllersWorld world;
  const NodeId dead = world.add_node("a");
  world.add_node("b");
  world.start();
  world.until(row.dies);
  world.silence(dead);
  world.until(1h);
  CHECK(world.chronicle.times("a +unreachable:NoSchedule") == Times{row.unknown});
  CHECK(world.chronicle.times("a +unreachable:NoExecute") == Times{row.unknown + 100ms});
  CHECK(ready_status(*world.cluster.node(dead)) == ReadyStatus::kUnknown);
  CHECK(world.chronicle.times("b +unreachable:NoSchedule").empty());
}

TEST_CASE("nothing happens in a cluster that is well, not even a round", "[controllers]") {
  ControllersWorld world;
  world.add_nodes(50);
  world.start();
  const std::uint64_t before = world.kernel.events_run();
  world.until(24h);
  CHECK(world.kernel.events_run() - before < 10);
}

TEST_CASE("rounds end when a node is Ready and untainted again", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.start();
  world.until(102s);
  world.silence(node);
  world.until(201500ms);
  world.wake(node);
  world.until(300s);
  CHECK(world.chronicle.times("a -unreachable:NoSchedule") == Times{201500ms});
  CHECK(world.chronicle.times("a -unreachable:NoExecute") == Times{205s});
  const std::uint64_t before = world.kernel.events_run();
  world.until(24h);
  CHECK(world.kernel.events_run() - before < 10);
}

TEST_CASE("a silence shorter than the grace period is not noticed", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.start();
  world.until(102s);
  world.silence(node);
  world.until(144s);
  world.wake(node);
  world.until(1h);
  CHECK(world.chronicle.log.empty());
}

TEST_CASE("a status post makes the controller forget the lease: one more round counts",
          "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.start();
  world.until(106s);  // last renewal at 103 s, seen at 105 s
  world.heartbeats.edit(node, [&](Heartbeat& beats) { beats.post(world.kernel.now()); });
  world.until(107s);
  world.silence(node);
  world.until(1h);
  CHECK(world.chronicle.times("a +unreachable:NoSchedule") == Times{165s});
}

TEST_CASE("a kubelet that reports not Ready is tainted at once, NoExecute from the next round on",
          "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.start();
  world.until(101s);
  world.api.set_node_ready(node, false);
  world.until(131s);
  world.silence(node);
  world.until(1h);
  CHECK(world.chronicle.times("a +not-ready:NoSchedule") == Times{101s});
  CHECK(world.chronicle.times("a +not-ready:NoExecute") == Times{105100ms});
  // Silent later on: the round that says so swaps both.
  CHECK(world.chronicle.times("a -not-ready:NoExecute") == Times{175s});
  CHECK(world.chronicle.times("a +unreachable:NoExecute") == Times{175s});
  CHECK(world.chronicle.times("a +unreachable:NoSchedule") == Times{175s});
}

TEST_CASE("a new node that is not Ready across a round keeps a taint until the next one",
          "[controllers]") {
  ControllersWorld world;
  for (int i = 0; i < 3; ++i) world.add_node("old" + std::to_string(i));
  world.start();
  const auto join = [&](const std::string& name, Duration registers, Duration ready) {
    world.until(registers);
    const NodeId node = world.add_node(name);
    world.api.set_node_ready(node, false);
    world.until(ready);
    world.api.set_node_ready(node, true);
  };
  join("quick", 31s, 34s);
  join("slow", 51s, 58s);
  world.until(1h);
  CHECK(world.chronicle.times("quick +not-ready:NoExecute").empty());
  CHECK(world.chronicle.times("slow +not-ready:NoExecute") == Times{55100ms});
  CHECK(world.chronicle.times("slow -not-ready:NoExecute") == Times{60s});
}

TEST_CASE("a node without status counts from its creation, for 60 s", "[controllers]") {
  ControllersWorld world;
  world.add_node("a");
  world.start();
  world.until(31s);
  const NodeId node = world.add_node("mute");
  world.api.edit_node(node, [](Node& n) { set_ready_status(n, ReadyStatus::kMissing, {}); });
  world.heartbeats.edit(node, [](Heartbeat& beats) { beats.start({}, {}); });
  world.until(1h);
  CHECK(world.chronicle.times("mute +unreachable:NoSchedule") == Times{95s});
}

TEST_CASE("taints that a person takes off come back, those put on for nothing go",
          "[controllers]") {
  ControllersWorld world;
  const NodeId well = world.add_node("well");
  world.start();
  world.until(10s);
  world.api.edit_node(well, [](Node& n) {
    set_taint(n, kUnreachableTaint, TaintEffect::kNoSchedule, true);
    set_taint(n, kUnreachableTaint, TaintEffect::kNoExecute, true);
  });
  world.until(1h);
  CHECK(world.chronicle.times("well -unreachable:NoSchedule") == Times{10s});
  CHECK(world.chronicle.times("well -unreachable:NoExecute").size() == 1);
  CHECK(world.cluster.node(well)->taints.empty());
}

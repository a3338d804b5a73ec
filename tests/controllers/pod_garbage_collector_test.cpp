#include "tests/controllers/controllers_world.h"

using namespace casim;
using namespace casim::sim;

TEST_CASE("pods of a deleted node go in the pass that ends the quarantine", "[controllers]") {
  struct Row {
    Duration deleted;
    Duration gone;
  };

  // Passes at 0, 20, 40, ...; 40 s from the one that misses the node.
  const Row row = GENERATE(Row{101s, 160s}, Row{110s, 160s}, Row{119s, 160s}, Row{121s, 180s});
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_pod("p", node);
  world.add_pod("marked", node);
  world.start();
  world.until(row.deleted);
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kEvicted, 30s).has_value());
  world.api.delete_node(node);
  world.until(1h);
  CHECK(world.chronicle.times("p gone") == Times{row.gone});
  CHECK(world.chronicle.times("marked gone") == Times{row.gone});
  CHECK(world.cluster.tally().lost == 1);
  CHECK(world.cluster.tally().evicted == 1);
}

TEST_CASE("a node of the same name saves the pods; a quarantine is not begun anew",
          "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_pod("p", node);
  world.start();
  world.until(101s);
  world.api.delete_node(node);
  world.until(130s);
  const NodeId again = world.add_node("a");
  SECTION("and stays") {
    world.until(1h);
    CHECK(world.chronicle.times("p gone").empty());
  }
  SECTION("and goes again") {
    world.until(150s);
    world.api.delete_node(again);
    world.until(1h);
    CHECK(world.chronicle.times("p gone") == Times{160s});
  }
}

TEST_CASE("pods that are being deleted on a node out of service are removed", "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.add_pod("p", node);
  world.start();
  world.until(102s);
  world.silence(node);
  world.until(185s);
  world.api.edit_node(node, [](Node& n) {
    n.taints.push_back({"node.kubernetes.io/out-of-service", "", TaintEffect::kNoExecute});
  });
  world.until(1h);
  CHECK(world.chronicle.times("p marked") == Times{185s});
  CHECK(world.chronicle.times("p gone") == Times{200s});
}

TEST_CASE("finished pods beyond the threshold go, oldest first", "[controllers]") {
  ControllersWorld world({}, {.terminated_pod_gc_threshold = 2});
  const NodeId node = world.add_node("a");
  world.start();
  for (int i = 0; i < 5; ++i) {
    world.until(std::chrono::seconds(1 + i));
    world.api.finish(world.add_pod("p" + std::to_string(i), node), i % 2 == 0);
  }
  world.add_pod("runs", node);
  world.until(1h);
  CHECK(world.chronicle.times("p0 gone") == Times{20s});
  CHECK(world.chronicle.times("p2 gone") == Times{20s});
  CHECK(world.chronicle.times("p3 gone").empty());
  CHECK(world.chronicle.times("runs gone").empty());
}

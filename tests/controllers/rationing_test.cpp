#include <numeric>

#include "tests/controllers/controllers_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

// When NoExecute taints came, on any node.
Times taints(const ControllersWorld& world) {
  Times all;
  for (const auto& [what, times] : world.chronicle.log) {
    if (!what.ends_with("+unreachable:NoExecute")) continue;
    all.insert(all.end(), times.begin(), times.end());
  }
  std::ranges::sort(all);
  return all;
}

void kill(ControllersWorld& world, const std::vector<NodeId>& nodes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) world.silence(nodes[i]);
}

}  // namespace

TEST_CASE("how many nodes of a zone are tainted, and how fast", "[controllers]") {
  struct Row {
    int nodes;
    std::size_t dead;
    Times expected;  // until 400 s
  };

  // Dead at 102 s, Unknown at 145 s.
  const Row row =
      GENERATE(Row{6, 3, {145100ms, 155100ms, 165100ms}},     // below the threshold: one in 10 s
               Row{3, 2, {145100ms, 155100ms}},               // two never make a zone partly down
               Row{5, 3, {}},                                 // 60 % of a small zone: none
               Row{20, 11, {}},                               // exactly 55 %
               Row{60, 40, {145100ms, 245200ms, 345300ms}});  // a large one: one in 100 s
  CAPTURE(row.nodes, row.dead);
  ControllersWorld world;
  const auto nodes = world.add_nodes(row.nodes, "z");
  world.add_nodes(3, "other");
  world.start();
  world.until(102s);
  kill(world, nodes, row.dead);
  world.until(400s);
  CHECK(taints(world) == row.expected);
}

TEST_CASE("a whole zone goes at the normal rate, a whole cluster not at all", "[controllers]") {
  const bool other_zone = GENERATE(true, false);
  ControllersWorld world;
  const auto nodes = world.add_nodes(5, "z");
  if (other_zone) world.add_nodes(2, "other");
  world.start();
  world.until(102s);
  kill(world, nodes, 5);
  world.until(1h);
  CHECK(taints(world).size() == (other_zone ? 5 : 0));
}

TEST_CASE("when the last zone goes down all NoExecute taints are taken off", "[controllers]") {
  ControllersWorld world;
  const auto a = world.add_nodes(2, "a");
  const auto b = world.add_nodes(2, "b");
  world.start();
  world.until(102s);
  kill(world, a, 2);
  world.until(202s);
  REQUIRE(taints(world) == Times{145100ms, 155100ms});
  kill(world, b, 2);
  world.until(600s);
  CHECK(taints(world).size() == 2);
  CHECK(world.chronicle.times("a0 -unreachable:NoExecute") == Times{245s});
  CHECK(world.chronicle.times("a1 -unreachable:NoExecute") == Times{245s});
  // One is back: the limiters start anew, empty.
  world.until(601s);
  world.wake(b[0]);
  world.until(700s);
  CHECK(taints(world) == Times{145100ms, 155100ms, 615100ms, 615100ms, 625100ms});
}

TEST_CASE("a deleted node still takes its turn", "[controllers]") {
  ControllersWorld world;
  const auto nodes = world.add_nodes(7, "z");
  world.start();
  world.until(102s);
  kill(world, nodes, 3);
  world.until(150s);
  const Times first = taints(world);
  REQUIRE(first == Times{145100ms});
  NodeId waiting;
  for (const NodeId node : {nodes[0], nodes[1], nodes[2]}) {
    if (!has_no_execute(*world.cluster.node(node), kUnreachableTaint)) waiting = node;
  }
  world.until(151s);
  world.api.delete_node(waiting);
  world.until(1h);
  CHECK(taints(world) == Times{145100ms, 165100ms});
}

TEST_CASE("nodes that are excluded from disruption do not count in their zone", "[controllers]") {
  ControllersWorld world;
  const auto nodes = world.add_nodes(5, "z");
  world.add_nodes(2, "other");
  for (const NodeId node : {nodes[3], nodes[4]}) {
    world.api.edit_node(
        node, [](Node& n) { n.labels["node.kubernetes.io/exclude-disruption"] = "true"; });
  }
  world.start();
  world.until(102s);
  kill(world, nodes, 3);
  world.until(1h);
  CHECK(taints(world).size() == 3);  // as of a whole zone; 3 of 5 would keep their pods
}

TEST_CASE("in which order nodes are tainted hangs on the seed alone", "[controllers]") {
  const auto order = [] {
    ControllersWorld world;
    const auto nodes = world.add_nodes(20, "z");
    world.start();
    world.until(102s);
    kill(world, nodes, 8);
    world.until(1h);
    std::map<Duration, std::string> when;
    for (const auto& [what, times] : world.chronicle.log) {
      if (what.ends_with("+unreachable:NoExecute")) when[times.front()] = what;
    }
    return when;
  };
  const auto once = order();
  CHECK(once.size() == 8);
  CHECK(order() == once);
}

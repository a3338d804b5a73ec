#include "sim/controllers/node_termination_handler.h"

#include "tests/controllers/controllers_world.h"

using namespace casim;
using namespace casim::sim;

namespace {

// One node with pods of 30 s grace that stay until they are asked to go.
struct NoticedNode : ControllersWorld {
  explicit NoticedNode(int pods, NodeTerminationHandlerConfig config = {})
      : handler(kernel, api, random, config), node(add_node("a")) {
    api.add_watcher(chronicle, {});
    for (int i = 0; i < pods; ++i) add_pod("pod-" + std::to_string(i), node);
    until(100s);
    handler.on_notice(node, kTimeZero + 220s);
  }

  std::vector<Duration> marked(int pods) const {
    std::vector<Duration> times;
    for (int i = 0; i < pods; ++i) {
      for (const Duration at : chronicle.times("pod-" + std::to_string(i) + " marked")) {
        times.push_back(at);
      }
    }
    return times;
  }

  NodeTerminationHandler handler;
  NodeId node;
};

}  // namespace

TEST_CASE("a node with a notice is cordoned and drained within three seconds", "[controllers]") {
  NoticedNode world(3);
  world.until(103s);
  CHECK(world.cluster.node(world.node)->unschedulable);
  CHECK_FALSE(world.cluster.node(world.node)->has_taint(kSpotInterruptionTaint));
  const auto marked = world.marked(3);
  REQUIRE(marked.size() == 3);
  for (const Duration at : marked) {
    CHECK(at > 100s);
    CHECK(at < 103s);
  }
}

TEST_CASE("evictions go out as its client may send them: 10 at once, then 5 a second",
          "[controllers]") {
  NoticedNode world(24);
  world.until(300s);
  const auto marked = world.marked(24);
  REQUIRE(marked.size() == 24);
  const Duration first = marked.front();
  CHECK(marked[3] == first);  // six requests came before
  CHECK(marked[23] - first == 20 * 200ms);
}

TEST_CASE("it may only cordon, or taint as well", "[controllers]") {
  NoticedNode cordons(3, {.cordon_only = true, .pod_termination_grace_period = {}});
  cordons.until(300s);
  CHECK(cordons.cluster.node(cordons.node)->unschedulable);
  CHECK(cordons.marked(3).empty());
  NoticedNode taints(3, {.taint_node = true, .pod_termination_grace_period = {}});
  taints.until(103s);
  CHECK(taints.cluster.node(taints.node)->has_taint(kSpotInterruptionTaint));
  CHECK(taints.marked(3).size() == 3);
}

TEST_CASE("a shorter node grace period puts the drain off", "[controllers]") {
  NoticedNode world(1, {.pod_termination_grace_period = {}, .node_termination_grace_period = 60s});
  world.until(159s);
  CHECK_FALSE(world.cluster.node(world.node)->unschedulable);
  world.until(161s);
  CHECK(world.cluster.node(world.node)->unschedulable);
}

TEST_CASE("an eviction that a budget refuses is tried again until the drain is given up",
          "[controllers]") {
  const bool relents = GENERATE(true, false);
  NoticedNode world(1);
  PodDisruptionBudget budget;
  budget.name = "none";
  budget.namespace_name = "default";
  world.api.put_pdb(budget);
  world.until(150s);
  CHECK(world.marked(1).empty());
  if (relents) {
    budget.disruptions_allowed = 1;
    world.api.put_pdb(budget);
  }
  world.until(400s);
  CHECK(world.marked(1).size() == (relents ? 1U : 0U));
}

#include "tests/controllers/controllers_world.h"

using namespace casim;
using namespace casim::sim;

TEST_CASE("the node of a machine that is gone goes in a round after it is not Ready",
          "[controllers]") {
  ControllersWorld world;  // the cloud's rounds at 2, 7, 12, ...
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.add_pod("p", node);
  world.start();
  world.until(102s);
  world.cloud.states["a"] = CloudState::kGone;
  world.silence(node);
  world.until(1h);
  CHECK(world.chronicle.times("a gone") == Times{147s});
  CHECK(world.chronicle.times("p gone") == Times{200s});
  CHECK(world.chronicle.times("p marked").empty());
  CHECK(world.cloud.asked == 1);
}

TEST_CASE("a machine that exists keeps its node; one that is stopped keeps pods off it",
          "[controllers]") {
  ControllersWorld world;
  const NodeId node = world.add_node("a");
  world.add_node("b");
  world.start();
  world.until(102s);
  world.silence(node);
  world.until(203s);
  CHECK(world.chronicle.times("a gone").empty());
  world.cloud.states["a"] = CloudState::kShutDown;
  world.until(301s);
  world.cloud.states.clear();
  world.wake(node);
  world.until(1h);
  CHECK(world.chronicle.times("a +shutdown:NoSchedule") == Times{207s});
  CHECK(world.chronicle.times("a -shutdown:NoSchedule") == Times{302s});
  const int asked = world.cloud.asked;
  world.until(2h);
  CHECK(world.cloud.asked == asked);
}

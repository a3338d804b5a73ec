#include "sim/workloads/controller_events.h"

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("of one object 25 Events are written, then one each 5 min", "[workloads]") {
  WorkloadsWorld world;
  ApiClient& client = world.api.add_client({"replicaset-controller"});
  ControllerEvents recorder(world.kernel, client);
  for (int i = 0; i < 40; ++i) recorder.record("a");
  recorder.record("b");
  world.until(1s);
  CHECK(client.stats().requests == 26);
  CHECK(recorder.dropped() == 15);
  world.until(301s);
  recorder.record("a");
  recorder.record("a");
  world.until(302s);
  CHECK(client.stats().requests == 27);
}

TEST_CASE("Events wait for each other, and the 1001st waiting is dropped", "[workloads]") {
  WorkloadsWorld world;
  ApiClient& client = world.api.add_client({"replicaset-controller", 1, 1});
  ControllerEvents recorder(world.kernel, client);
  for (int i = 0; i < 1010; ++i) recorder.record("object-" + std::to_string(i));
  CHECK(client.stats().requests == 1);  // one at a time
  CHECK(recorder.dropped() == 9);
  world.until(10500ms);
  CHECK(client.stats().requests == 12);
}

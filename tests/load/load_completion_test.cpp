#include "sim/load/load_completion.h"

#include "tests/load/load_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a load is done when all its endless pods run, and undone when one is lost", "[load]") {
  LoadWorld world;
  world.add(burst_of(2));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  world.until(2s);
  CHECK(world.changes.empty());
  world.run(PodId(1));
  world.until(3s);
  CHECK(world.changes == LoadWorld::Changes{{2s, true}});
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.until(4s);
  CHECK_FALSE(world.completion.is_done());
  world.api.finish_deletion(PodId(0));
  world.run(PodId(2));
  world.until(5s);
  CHECK(world.changes == LoadWorld::Changes{{2s, true}, {3s, false}, {4s, true}});
}

TEST_CASE("a burst with a run time is done when all its pods have completed", "[load]") {
  LoadWorld world;
  world.add(burst_of(2, 0s, 0s, 30s));
  world.start();
  world.until(1s);
  for (const PodId pod : {PodId(0), PodId(1)}) {
    world.run(pod);
    world.until(2s);
    CHECK(world.changes.empty());
    world.api.complete(pod);
  }
  world.until(4s);
  CHECK(world.changes == LoadWorld::Changes{{3s, true}});  // a second after the last end
}

TEST_CASE("a load is not done while a pod is to come or waits for its back-off", "[load]") {
  LoadWorld world;
  world.add(jobs_of(trace_of(2)));
  world.start();
  world.until(500ms);
  world.run(PodId(0));
  world.api.complete(PodId(0));
  world.until(1500ms);
  CHECK(world.changes.empty());  // the second row arrived at 1 s
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kEvicted, 0s).has_value());
  world.until(11s);
  CHECK(world.changes.empty());
  world.until(12s);
  world.run(PodId(2));
  world.api.complete(PodId(2));
  world.until(14s);
  CHECK(world.changes == LoadWorld::Changes{{13s, true}});
}

TEST_CASE("pods that can never fit are not waited for", "[load]") {
  LoadWorld world(
      [](const PodSpec& pod) { return pod.requests.cpu > MilliCpu(2000) ? "too big" : ""; });
  world.add(jobs_of(two_shapes_of(3)));
  world.start();
  world.until(10s);
  CHECK(world.changes.empty());
  world.run(PodId(0));
  world.api.complete(PodId(0));
  world.until(12s);
  CHECK(world.changes == LoadWorld::Changes{{11s, true}});
}

TEST_CASE("a load none of whose pods can fit is done from the start, whatever they do", "[load]") {
  LoadWorld world([](const PodSpec&) { return "no group selects it"; });
  world.add(burst_of(1));
  world.start();
  CHECK(world.completion.is_done());
  world.until(1s);
  world.run(PodId(0));
  world.until(2s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.until(3s);
  world.api.finish_deletion(PodId(0));
  world.until(4s);
  CHECK(world.changes == LoadWorld::Changes{{0s, true}});
}

TEST_CASE("a ReplicaSet that shrinks to the pods that run is done", "[load]") {
  LoadWorld world;
  const WorkloadId id = world.add(burst_of(2));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  world.until(2s);
  world.sets.scale(world.workloads.series(id).owner(0).uid, 1);
  world.until(3s);
  CHECK(world.changes == LoadWorld::Changes{{2s, true}});
  CHECK(world.cluster.tally().deleted == 1);
}

#include "sim/workloads/job_controller.h"

#include "tests/workloads/workloads_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a Job has a pod for each started completion, and goes with the last success",
          "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.jobs.create(WorkloadsWorld::job_of(2));
  world.until(1s);
  CHECK(world.facts.made.empty());
  world.jobs.start_next("job");
  world.until(2s);
  REQUIRE(world.facts.made.size() == 1);
  world.run(PodId(0));
  world.api.complete(PodId(0));
  world.until(3s);
  CHECK(world.status.last.open() == 0);
  CHECK(world.cluster.owners().contains("job"));
  world.jobs.start_next("job");
  world.until(4s);
  CHECK(world.status.last.open() == 1);
  world.run(PodId(1));
  world.api.complete(PodId(1));
  world.until(5s);
  CHECK(world.status.last.served == 2);
  CHECK_FALSE(world.cluster.owners().contains("job"));
}

TEST_CASE("a Job's pod is replaced 10 s after its deletion mark, doubling per failure",
          "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.jobs.create(WorkloadsWorld::job_of(1));
  world.jobs.start_next("job");
  world.until(100s);
  world.run(PodId(0));
  world.until(150s);
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 30s).has_value());
  world.until(170s);
  REQUIRE(world.facts.made.size() == 2);
  CHECK(world.facts.made[1].first == kTimeZero + 160s);
  CHECK(world.facts.made[1].second.replaces == PodId(0));
  world.api.finish_deletion(PodId(0));
  world.until(200s);
  CHECK(world.facts.made.size() == 2);
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kPreempted, 0s).has_value());
  world.until(1h);
  REQUIRE(world.facts.made.size() == 3);
  CHECK(world.facts.made[2].first == kTimeZero + 220s);
  CHECK(world.cluster.owners().contains("job"));
  CHECK(world.status.last.open() == 1);
}

TEST_CASE("the back-off of a Job's pod ends at 10 min, and others do not share it", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.jobs.create(WorkloadsWorld::job_of(2));
  world.jobs.start_next("job");
  world.until(1s);
  for (const int delay_s : {10, 20, 40, 80, 160, 320, 600, 600}) {
    const PodId last = world.facts.made.back().second.pod;
    const TimePoint failed = world.kernel.now();
    REQUIRE(world.api.delete_pod(last, PodEnd::kEvicted, 0s).has_value());
    world.until(failed - kTimeZero + 1h);
    CHECK(world.facts.made.back().first - failed == Duration(std::chrono::seconds(delay_s)));
  }
  world.jobs.start_next("job");
  world.until(world.kernel.now() - kTimeZero + 1s);
  const PodId other = world.facts.made.back().second.pod;
  const TimePoint failed = world.kernel.now();
  REQUIRE(world.api.delete_pod(other, PodEnd::kEvicted, 0s).has_value());
  world.until(failed - kTimeZero + 1h);
  CHECK(world.facts.made.back().first - failed == Duration(10s));
}

TEST_CASE("a Job's pod that is lost with its node is replaced too", "[workloads]") {
  WorkloadsWorld world;
  world.start();
  world.jobs.create(WorkloadsWorld::job_of(1));
  world.jobs.start_next("job");
  world.until(1s);
  world.run(PodId(0));
  world.until(5s);
  world.lose_node();
  world.until(1h);
  CHECK(world.creations() == std::vector<Duration>{0s, 15s});
}

// From when on a threshold was broken for good.
#include "sim/metrics/first_breach.h"

#include "tests/catch.h"
#include "tests/metrics/told_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

std::optional<Duration> breach(const ToldWorld& world, const std::string& text,
                               Duration end = 1000s) {
  const auto threshold = parse_threshold(text, values_of(Summary{}));
  REQUIRE(threshold);
  const auto at = first_breach(*threshold, world.summary(end), world.collectors);
  return at ? std::optional(*at - kTimeZero) : std::nullopt;
}

// One node that is there before all pods.
void one_node(ToldWorld& world) {
  world.register_node(0s, 0);
  world.tell(0s, NodeReady{NodeId(0)});
}

}  // namespace

TEST_CASE("the longest wait is broken when the first pod has waited so long", "[metrics]") {
  ToldWorld world;
  one_node(world);
  world.create_all(10s, 0, 2);
  world.run(11s, 15s, 0, 0);
  world.run(40s, 50s, 1, 0);
  CHECK(breach(world, "pod_latency.max < 30s") == 40s);  // created at 10, still waiting at 40
  CHECK(breach(world, "pod_latency.max < 40s") == 50s);  // its wait is the bound itself
}

TEST_CASE("a percentile that came back is broken from the last time on", "[metrics]") {
  ToldWorld world;
  one_node(world);
  world.create(0s, 0);
  world.run(20s, 20s, 0, 0);  // over 10 s at 10 s: broken
  world.create_all(30s, 1, 2);
  world.run(31s, 31s, 1, 0);  // one of two: half is within
  world.run(31s, 31s, 2, 0);
  world.create_all(100s, 3, 4);  // all over at 110 s
  for (std::uint32_t pod = 3; pod < 7; ++pod) world.run(200s, 200s, pod, 0);
  CHECK(breach(world, "pod_latency.p50 <= 10s") == 110s);
}

TEST_CASE("a pod that never ran counts from the bound on", "[metrics]") {
  ToldWorld world;
  one_node(world);
  world.create(5s, 0);
  world.tell(6s, PodUnschedulable{PodId(0)});
  CHECK(breach(world, "scale_up_latency.total.p99 < 1m") == 65s);
}

TEST_CASE("a count is broken by the event that was too many", "[metrics]") {
  ToldWorld world;
  one_node(world);
  world.create_all(0s, 0, 3);
  world.run_all(1s, 2s, 0, 3, 1);
  for (std::uint32_t pod = 0; pod < 3; ++pod) {
    world.tell(Duration(100s) + std::chrono::seconds(pod), PodEnded{PodId(pod), PodEnd::kLost});
  }
  CHECK(breach(world, "pods.lost == 0") == 100s);
  CHECK(breach(world, "pods.lost < 2") == 101s);
  CHECK(breach(world, "pods.lost <= 2") == 102s);
  CHECK_FALSE(breach(world, "pods.lost > 7"));  // too few is of the whole run
}

TEST_CASE("convergence is broken by its first disturbance that was", "[metrics]") {
  ToldWorld world;
  one_node(world);
  world.create(0s, 0);
  world.tell(1s, PodUnschedulable{PodId(0)});
  CHECK(breach(world, "convergence.verdict == converged", 3h) == 0s);
}

TEST_CASE("a value of the whole run has no first time", "[metrics]") {
  const ToldWorld world;
  CHECK_FALSE(breach(world, "cost.usd < 0.01"));
}

// The autoscaler's timing quanta in small worlds. Every expected time is computed from the
// parameters of its world: a Refresh takes kRefresh, nothing else takes time.
#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/oracle/small_world.h"

namespace casim::oracle {

using namespace std::chrono_literals;

TEST_CASE("a burst at second 3 of the interval: too new at once, served an interval later",
          "[timing]") {
  const Duration burst = kScan + 3s;
  Little world(60s, {});
  world.group(0);
  world.pods(burst, 4);
  const auto loops = world.run();
  // The trigger starts a loop at the burst; all pods are younger than 2 s.
  const Duration seen = burst + kRefresh + kScan;
  CHECK(times(loops, kIncrease) == std::vector{seen + kRefresh});
  CHECK(mutations(loops, kIncrease).front().mutation.delta == 4);
}

TEST_CASE("the same burst in classic mode waits for the next loop only", "[timing]") {
  const Duration burst = kScan + 3s;
  Little world(60s, {"--frequent-loops-enabled=false"});
  world.group(0);
  world.pods(burst, 4);
  CHECK(times(world.run(), kIncrease) == std::vector{Grid{}.start_after(burst) + kRefresh});
}

TEST_CASE("two loops follow a productive one at once, the third waits", "[timing]") {
  Little world(60s, {});
  world.group(0);
  world.pods(kScan + 3s, 1);
  const auto loops = world.run();
  const std::size_t productive = loop_at(loops, times(loops, kIncrease).front());
  REQUIRE(loops.size() > productive + 3);
  CHECK(loops[productive + 1].start == loops[productive].end);
  CHECK(loops[productive + 2].start == loops[productive + 1].end);
  CHECK(loops[productive + 3].start == loops[productive + 2].end + kScan);
}

TEST_CASE("a node goes at the first loop later than its timer, five seconds after its taint",
          "[timing]") {
  const Grid grid;
  // A timer that ends exactly at a loop's start has not passed yet.
  const Duration exact = grid.start(4) - grid.start(1);
  const Duration unneeded = GENERATE_COPY(values<Duration>({15s, exact - 1ms, exact, exact + 1ms}));
  Little world(90s, {fmt::format("--scale-down-unneeded-time={}ns", unneeded.count())});
  world.group(1);
  const Duration removed = grid.start_after(grid.start(1) + unneeded);
  CHECK(times(world.run(), kDelete) == std::vector{removed + kRefresh + kTaintDelay});
}

TEST_CASE("a NotReady node has a timer of its own", "[timing]") {
  const Grid grid;
  Little world(150s, {"--scale-down-unneeded-time=15s", "--scale-down-unready-time=55s",
                      "--max-node-startup-time=1s"});
  world.group(1);
  world.given["events"].push_back({{"t", 1.0}, {"type", "unready"}, {"node", "g-0000"}});
  const Duration removed = grid.start_after(grid.start(1) + 55s);
  CHECK(times(world.run(), kDelete) == std::vector{removed + kRefresh + kTaintDelay});
}

TEST_CASE("a failing group is backed off for 5, 10, 20, 30, 30 minutes, and anew after 3 hours",
          "[timing]") {
  const Grid grid{60s};
  const Duration pause = 4h;
  const Duration second = 2h + pause;
  Little world(second + 12min, {"--scan-interval=60s"});
  world.group(0);
  world.pods(0s, 1);
  world.remove_pods(2h, 1);
  world.pods(second, 1);
  world.fault(kIncrease, 0s, second + 1h, 8);
  std::vector<Duration> expected;
  // The pod starts a loop at 0, for which it is too new.
  Duration loop = kRefresh + grid.scan;
  const auto next_after = [&](Duration t) {
    while (loop + kRefresh <= t) loop += kRefresh + grid.scan;
    return loop + kRefresh;  // a scale-up looks at the clock behind the Refresh
  };
  Duration attempt = next_after(0s);
  for (const Duration wait : {5min, 10min, 20min, 30min, 30min}) {
    expected.push_back(attempt);
    attempt = next_after(attempt + wait);
  }
  expected.push_back(attempt);
  REQUIRE(attempt + 30min > 2h);         // the next one would come when the pod is gone
  loop = second + kRefresh + grid.scan;  // the pod's own loop, and the one that serves it
  expected.push_back(next_after(second));
  expected.push_back(next_after(expected.back() + 5min));
  CHECK(times(world.run(), kIncrease) == expected);
}

TEST_CASE("an answer after its deadline: capacity comes although the group is backed off",
          "[timing]") {
  Little world(200s, {"--scale-down-unneeded-time=1h"});
  world.group(0)["launches"].push_back(Little::launch(0, 0, "ok", 40s));
  world.pods(3s, 2);
  world.fault(kIncrease, 0s, 60s, 0)["latency_s"] = in_s(kTimeout + 1s);
  const auto loops = world.run();
  const auto orders = mutations(loops, kIncrease);
  REQUIRE(orders.size() == 1);  // backed off for 5 min
  CHECK(orders[0].mutation.code == "DeadlineExceeded");
  const std::size_t failed = loop_at(loops, orders[0].at);
  CHECK(loops[failed].end == kTimeZero + orders[0].at + kTimeout);
  CHECK(loops[failed].error.empty());
  // A failed order is not productive: the next loop waits.
  CHECK(loops[failed + 1].start == loops[failed].end + kScan);
  // Nobody has a request for what is coming: to the registry two nodes are missing.
  const Json status = Json::parse(loops[failed + 1].status);
  CHECK(status["groups"]["g"]["scale_up"] == "Unhealthy");
  CHECK(loops.back().nodes == 2);
  CHECK(loops.back().pending == 0);
}

TEST_CASE("NodeGroups fails in one loop: every unneeded timer starts again", "[timing]") {
  const Grid grid;
  Little world(120s, {"--scale-down-unneeded-time=25s"});
  world.group(1);
  world.fault("NodeGroups", grid.start(3), grid.start(3) + 1s, 14);
  const auto loops = world.run();
  CHECK(loops[3].error.empty());
  const Duration removed = grid.start_after(grid.start(4) + 25s);
  CHECK(times(loops, kDelete) == std::vector{removed + kRefresh + kTaintDelay});
}

TEST_CASE("TargetSize fails in one loop: it ends with an error, and every timer starts again",
          "[timing]") {
  const Grid grid;
  Little world(120s, {"--scale-down-unneeded-time=25s"});
  world.group(1);
  world.fault("NodeGroupTargetSize", grid.start(3), grid.start(3) + 1s, 14);
  const auto loops = world.run();
  CHECK(loops[3].error == "cloudProviderError");
  const Duration removed = grid.start_after(grid.start(4) + 25s);
  CHECK(times(loops, kDelete) == std::vector{removed + kRefresh + kTaintDelay});
}

TEST_CASE("a timed-out order is taken back whole: clamped or refused by the provider", "[timing]") {
  const bool clamps = GENERATE(true, false);
  const Duration provision = 60s;
  Little world(5min, {"--max-node-provision-time=60s", "--scale-down-unneeded-time=1h"});
  Json& group = world.group(0);
  group["hide_creating"] = true;  // else they are taken for unregistered nodes
  group["clamp_decrease"] = clamps;
  group["launches"].push_back(Little::launch(0, 1, "ok", 20s));
  group["launches"].push_back(Little::launch(1, 0, "never", 0s));
  world.pods(3s, 3);
  const auto loops = world.run();
  const auto orders = mutations(loops, kIncrease);
  REQUIRE(orders.front().mutation.delta == 3);
  const auto takes = mutations(loops, kDecrease);
  REQUIRE_FALSE(takes.empty());
  CHECK(takes[0].mutation.delta == -3);  // one has arrived all the same
  // The first loop that starts later than the order plus the provision time.
  std::size_t late = 1;
  while (loops[late].start <= kTimeZero + orders[0].at + provision) ++late;
  CHECK(kTimeZero + takes[0].at == loops[late].start + kRefresh);
  CHECK(takes[0].mutation.code == (clamps ? "" : "FailedPrecondition"));
  CHECK(loops[late + 1].targets.at("g") == (clamps ? 1 : 3));
}

TEST_CASE("a salvo serves pods of two kinds in one loop", "[timing]") {
  const bool salvo = GENERATE(true, false);
  Little world(60s, {fmt::format("--salvo-scale-up={}", salvo)});
  for (const char* id : {"a", "b"}) {
    const Json node{
        {"cpu_m", 2000}, {"memory_mib", 4096}, {"pods", 10}, {"labels", {{"kind", id}}}};
    world.given["groups"].push_back(
        {{"id", id}, {"min", 0}, {"max", 10}, {"initial", 0}, {"template", node}});
    world.given["workloads"].push_back({{"name", fmt::format("w{}", id)},
                                        {"kind", "ReplicaSet"},
                                        {"cpu_m", 1500},
                                        {"memory_mib", 64},
                                        {"node_selector", {{"kind", id}}}});
    world.given["events"].push_back(
        {{"t", 3.0}, {"type", "pods"}, {"workload", fmt::format("w{}", id)}, {"count", 2}});
  }
  const auto loops = world.run();
  const Duration first = 3s + kRefresh + kScan + kRefresh;
  CHECK(times(loops, kIncrease) == std::vector{first, salvo ? first : first + kRefresh});
}

TEST_CASE("local delays stop the removals of their own group only", "[timing]") {
  const bool local = GENERATE(true, false);
  Little world(90s, {fmt::format("--scale-down-delay-type-local={}", local),
                     "--scale-down-unneeded-time=15s", "--scale-down-delay-after-add=1h"});
  world.group(0)["launches"].push_back(Little::launch(0, 0, "ok", 2s));
  const Json small{{"cpu_m", 500}, {"memory_mib", 4096}, {"pods", 10}};
  world.given["groups"].push_back(
      {{"id", "idle"}, {"min", 0}, {"max", 1}, {"initial", 1}, {"template", small}});
  world.pods(3s, 1);
  const auto loops = world.run();
  REQUIRE(times(loops, kIncrease).size() == 1);
  CHECK(times(loops, kDelete).size() == (local ? 1 : 0));
}

TEST_CASE("a loop that ends early asks for the group of an unremovable node that is gone",
          "[timing]") {
  Little world(35s, {"--ok-total-unready-count=0", "--max-total-unready-percentage=0"});
  world.group(3);
  world.pods(0s, 3);  // all nodes are full
  const Duration unhealthy = kScan + 5s;
  const auto happens = [&](const char* type, const char* node) {
    world.given["events"].push_back({{"t", in_s(unhealthy)}, {"type", type}, {"node", node}});
  };
  happens("unready", "g-0001");
  happens("vanish", "g-0002");
  constexpr int kLeft = 2;  // looked up before Refresh and behind it
  const auto loops = world.run();
  REQUIRE(loops.size() > 3);
  CHECK(loops[2].start == kTimeZero + unhealthy);
  for (const std::size_t loop : {2u, 3u}) {
    CHECK(loops[loop].nodes == kLeft);
    CHECK(loops[loop].calls.at("NodeGroupForNode") == 2 * kLeft + 1);
  }
}

}  // namespace casim::oracle

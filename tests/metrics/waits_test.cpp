// Why pods waited for another node than the first that was ordered for them, and for room.
#include "sim/metrics/latency.h"

#include "tests/catch.h"
#include "tests/metrics/told_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

void order(ToldWorld& world, Duration loop_start, std::uint32_t loop, const std::string& group,
           std::vector<SlotId> slots) {
  world.tell(loop_start, LoopStarted{LoopId(loop)});
  world.tell(loop_start, PodsSeen{LoopId(loop), {PodId(0)}});
  const auto delta = static_cast<std::int32_t>(slots.size());
  world.tell(loop_start + 1s, ScaleUpDecided{LoopId(loop), group, delta, {PodId(0)}});
  world.tell(loop_start + 2s, IncreaseSizeCommitted{LoopId(loop), group, std::move(slots)});
}

// From the order to Ready: accepted after 5 s, running after 10, registered after 30, Ready at 40.
void bring_up(ToldWorld& world, Duration from, std::uint32_t node, SlotId slot,
              const std::string& group) {
  const std::string instance = "i" + std::to_string(node);
  world.tell(from + 5s, InstanceLaunched{instance, "t", "m6i.large", "us-east-1a"});
  world.tell(from + 5s, SlotLaunched{slot, instance});
  world.tell(from + 10s, InstanceRunning{instance});
  world.register_node(from + 30s, node, group);
  world.tell(from + 35s, SlotJoined{slot, instance});
  world.tell(from + 40s, NodeReady{NodeId(node)});
}

Duration stage(const ToldWorld& world, std::uint32_t pod, Stage stage) {
  const Collectors& all = world.collectors;
  const auto stages = stages_of(all.pods().pods()[pod], all.nodes());
  REQUIRE(stages);
  Duration sum{};
  for (const Duration each : stages->stages) sum += each;
  CHECK(sum == stages->total);
  return stages->stages[static_cast<std::size_t>(stage)];
}

}  // namespace

TEST_CASE("a group without capacity, then another: the first order's time has failed",
          "[metrics]") {
  ToldWorld world;
  world.create(0s, 0);
  order(world, 10s, 0, "a", {SlotId(0)});
  world.tell(30s, SlotFailed{SlotId(0), "InsufficientInstanceCapacity"});
  order(world, 40s, 1, "b", {SlotId(1)});
  bring_up(world, 40s, 0, SlotId(1), "b");
  world.run(81s, 83s, 0, 0);

  CHECK(stage(world, 0, Stage::kDetect) == 10s);
  CHECK(stage(world, 0, Stage::kRetry) == 30s);
  const LatencySummary latency = world.summary(100s).latency;
  CHECK(latency.retry.failed == 19s);   // decided at 11 s, failed at 30
  CHECK(latency.retry.blocked == 11s);  // the loop before, and until the next
  CHECK(latency.retry.displaced == 0s);
}

TEST_CASE("a node that came whole and was taken by others: displaced", "[metrics]") {
  ToldWorld world;
  world.create(0s, 0);
  order(world, 10s, 0, "a", {SlotId(0)});
  bring_up(world, 10s, 0, SlotId(0), "a");  // joined at 45 s
  order(world, 60s, 1, "a", {SlotId(1)});
  bring_up(world, 60s, 1, SlotId(1), "a");
  world.run(101s, 103s, 0, 1);

  CHECK(stage(world, 0, Stage::kRetry) == 50s);
  const LatencySummary latency = world.summary(200s).latency;
  CHECK(latency.retry.displaced == 34s);  // 11 s to 45 s
  CHECK(latency.retry.failed == 0s);
  CHECK(latency.retry.blocked == 16s);
}

TEST_CASE("an order whose deadline passed while its machine came is the pod's own", "[metrics]") {
  ToldWorld world;
  world.create(0s, 0);
  order(world, 10s, 0, "a", {SlotId(0)});
  world.tell(16s, ScaleUpFailed{LoopId(0), "a", "cloudProviderError", 1});
  bring_up(world, 10s, 0, SlotId(0), "a");
  world.run(51s, 53s, 0, 0);

  CHECK(stage(world, 0, Stage::kRetry) == 0s);
  CHECK(stage(world, 0, Stage::kDecide) == 2s);
}

TEST_CASE("an order that the provider refused has failed at once", "[metrics]") {
  ToldWorld world;
  world.create(0s, 0);
  world.tell(10s, LoopStarted{LoopId(0)});
  world.tell(10s, PodsSeen{LoopId(0), {PodId(0)}});
  world.tell(11s, ScaleUpDecided{LoopId(0), "a", 1, {PodId(0)}});
  world.tell(12s, ScaleUpFailed{LoopId(0), "a", "cloudProviderError", 1});
  order(world, 20s, 1, "b", {SlotId(1)});
  bring_up(world, 20s, 0, SlotId(1), "b");
  world.run(61s, 63s, 0, 0);

  const LatencySummary latency = world.summary(100s).latency;
  CHECK(latency.retry.failed == 1s);
  CHECK(latency.retry.blocked == 9s);
}

TEST_CASE("a pod that waits for others to end on its Ready node waits for room", "[metrics]") {
  ToldWorld world;
  world.create_all(0s, 0, 12);
  order(world, 10s, 0, "a", {SlotId(0)});
  bring_up(world, 10s, 0, SlotId(0), "a");  // Ready at 50 s
  for (std::uint32_t pod = 1; pod < 11; ++pod) world.run(51s, 53s, pod, 0);
  // Another order for it fails for want of quota, from 101 s to 200 s.
  order(world, 100s, 1, "a", {SlotId(1)});
  world.tell(200s, SlotFailed{SlotId(1), "VcpuLimitExceeded"});
  world.end(500s, 1);
  world.run(502s, 504s, 0, 0);
  world.end(600s, 2);
  world.run(601s, 603s, 11, 0);

  CHECK(stage(world, 1, Stage::kRoom) == 0s);
  CHECK(stage(world, 0, Stage::kJoin) == 10s);
  CHECK(stage(world, 0, Stage::kRoom) == 450s);
  CHECK(stage(world, 0, Stage::kSchedule) == 2s);
  CHECK(stage(world, 11, Stage::kRoom) == 550s);
  const LatencySummary latency = world.summary(700s).latency;
  CHECK(latency.room.failed == 99s);  // of pod 0; nothing was ordered for pod 11
  CHECK(latency.room.failed + latency.room.blocked + latency.room.displaced == 1000s);
}

TEST_CASE("a pod that came after its node was Ready has no room stage", "[metrics]") {
  ToldWorld world;
  world.create_all(0s, 1, 10);
  order(world, 10s, 0, "a", {SlotId(0)});
  bring_up(world, 10s, 0, SlotId(0), "a");
  for (std::uint32_t pod = 1; pod < 11; ++pod) world.run(51s, 53s, pod, 0);
  world.create(60s, 11);
  world.end(500s, 1);
  world.run(502s, 504s, 11, 0);

  const auto stages = stages_of(world.collectors.pods().pods()[11], world.collectors.nodes());
  REQUIRE(stages);
  CHECK_FALSE(stages->scale_up);
}

TEST_CASE("a pod that is never served is behind every percentile that it can reach", "[metrics]") {
  ToldWorld world;
  world.create(0s, 0);
  order(world, 10s, 0, "a", {SlotId(0)});
  bring_up(world, 10s, 0, SlotId(0), "a");
  world.run(51s, 53s, 0, 0);
  world.create(60s, 1);
  world.tell(61s, PodUnschedulable{PodId(1)});

  const Summary summary = world.summary(100s);
  CHECK(summary.latency.unserved == 1);
  const SummaryValues values = values_of(summary);
  CHECK(values.at("scale_up_latency.total.p50") == config::Value(53.0));
  CHECK(values.at("scale_up_latency.total.p99").is_null());
}

TEST_CASE("a pod that fits nowhere is unserved when nodes were ordered for it", "[metrics]") {
  ToldWorld world;
  world.create_all(0s, 0, 2);
  for (std::uint32_t pod : {0, 1}) world.tell(1s, PodUnschedulable{PodId(pod)});
  order(world, 10s, 0, "a", {SlotId(0)});  // for pod 0
  RunInfo run;
  run.end = kTimeZero + 1h;
  run.unfit = {{PodId(0), "web-0", "a has a taint"}, {PodId(1), "web-1", "a has a taint"}};
  const Summary summary = world.collectors.summary(std::move(run));
  CHECK(summary.latency.unserved == 1);
  CHECK(summary.unfit[0].reason == "a has a taint; nodes were ordered for it all the same");
  CHECK(summary.unfit[1].reason == "a has a taint");
}

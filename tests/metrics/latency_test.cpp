#include "sim/metrics/latency.h"

#include "src/core/random.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

TimePoint at(Duration d) { return kTimeZero + d; }

// One pod on one ordered node, with every instant of its way at a round second.
struct OrderedNode {
  PodLedger pods;
  NodeLedger nodes;

  void both(Duration t, const Fact& fact) {
    pods.on_fact(at(t), fact);
    nodes.on_fact(at(t), fact);
  }

  void up_to_ready() {
    both(10s, PodCreated{.pod = PodId(0), .workload = WorkloadId(0)});
    both(11s, PodUnschedulable{PodId(0)});
    both(12s, LoopStarted{LoopId(0)});
    both(13s, PodsSeen{LoopId(0), {PodId(0)}});
    both(20s, LoopStarted{LoopId(1)});
    both(21s, IncreaseSizeCommitted{LoopId(1), "g", {SlotId(7)}});
    both(24s, InstanceLaunched{"i-1", "token", "m6i.large", "us-east-1a"});
    both(25s, SlotLaunched{SlotId(7), "i-1"});
    both(30s, InstanceRunning{"i-1"});
    both(50s, NodeRegistered{NodeId(0), "n", "i-1", "g"});
    both(58s, NodeReady{NodeId(0)});
  }
};

}  // namespace

TEST_CASE("the stages of a pod follow its node from the order to running", "[metrics]") {
  OrderedNode world;
  world.up_to_ready();
  world.both(59s, PodBound{PodId(0), NodeId(0)});
  world.both(61s, PodRunning{PodId(0)});

  const auto stages = stages_of(world.pods.pods()[0], world.nodes);
  REQUIRE(stages);
  CHECK(stages->scale_up);
  CHECK(stages->total == 51s);
  const std::array<Duration, kStageCount> expected = {2s, 8s, 1s, 3s, 6s, 20s, 8s, 0s, 1s, 2s};
  CHECK(stages->stages == expected);
}

TEST_CASE("a pod bound before later marks of its node has its stages clamped", "[metrics]") {
  OrderedNode world;
  world.up_to_ready();
  // Created when its node was ordered already: nothing to detect, decide or provision.
  world.both(55s, PodCreated{.pod = PodId(1), .workload = WorkloadId(0)});
  world.both(58s, PodBound{PodId(1), NodeId(0)});
  world.both(60s, PodRunning{PodId(1)});

  const auto stages = stages_of(world.pods.pods()[1], world.nodes);
  REQUIRE(stages);
  const std::array<Duration, kStageCount> expected = {0s, 0s, 0s, 0s, 0s, 0s, 3s, 0s, 0s, 2s};
  CHECK(stages->stages == expected);
}

TEST_CASE("a pod on a node that was there splits into queue, no room and start", "[metrics]") {
  OrderedNode world;
  world.up_to_ready();
  world.both(100s, PodCreated{.pod = PodId(1), .workload = WorkloadId(0)});
  world.both(101s, PodUnschedulable{PodId(1)});
  world.both(140s, PodBound{PodId(1), NodeId(0)});
  world.both(143s, PodRunning{PodId(1)});

  const auto stages = stages_of(world.pods.pods()[1], world.nodes);
  REQUIRE(stages);
  CHECK_FALSE(stages->scale_up);
  const std::array<Duration, kPlainStageCount> expected = {1s, 39s, 3s};
  CHECK(stages->plain == expected);
}

TEST_CASE("the wait of a pod begins when its last scheduling gate is lifted", "[metrics]") {
  OrderedNode world;
  world.both(2s, PodCreated{.pod = PodId(1), .workload = WorkloadId(0)});
  world.both(2s, PodGated{PodId(1)});
  world.up_to_ready();
  CHECK(world.pods.pods()[1].waits_from == kTimeNever);
  world.both(56s, PodUngated{PodId(1)});
  world.both(58s, PodBound{PodId(1), NodeId(0)});
  world.both(60s, PodRunning{PodId(1)});
  const auto late = stages_of(world.pods.pods()[1], world.nodes);
  REQUIRE(late);
  CHECK(late->scale_up);
  CHECK(late->total == 4s);
  const std::array<Duration, kStageCount> expected = {0s, 0s, 0s, 0s, 0s, 0s, 2s, 0s, 0s, 2s};
  CHECK(late->stages == expected);

  // Created before its node was, but out of its gates after it: the node was there.
  world.both(57s, PodCreated{.pod = PodId(2), .workload = WorkloadId(0)});
  world.both(57s, PodGated{PodId(2)});
  world.both(90s, PodUngated{PodId(2)});
  world.both(91s, PodBound{PodId(2), NodeId(0)});
  world.both(93s, PodRunning{PodId(2)});
  const auto there = stages_of(world.pods.pods()[2], world.nodes);
  REQUIRE(there);
  CHECK_FALSE(there->scale_up);
  const std::array<Duration, kPlainStageCount> plain = {1s, 0s, 2s};
  CHECK(there->plain == plain);
}

TEST_CASE("stages add up to the total whatever the order of marks", "[metrics]") {
  const auto seed = GENERATE(range(0, 200));
  CAPTURE(seed);
  const Random random(static_cast<std::uint64_t>(seed));
  const auto draw = [&](std::uint64_t n) {
    return Duration(static_cast<std::int64_t>(random.index("mark", 0, n, 1'000'000'007)));
  };
  OrderedNode world;
  world.both(draw(0), PodCreated{.pod = PodId(0), .workload = WorkloadId(0)});
  world.both(draw(1), LoopStarted{LoopId(0)});
  world.both(draw(2), PodsSeen{LoopId(0), {PodId(0)}});
  world.both(draw(3), IncreaseSizeCommitted{LoopId(0), "g", {SlotId(0)}});
  world.both(draw(4), InstanceLaunched{"i", "t", "m6i.large", "z"});
  world.both(draw(5), SlotLaunched{SlotId(0), "i"});
  world.both(draw(6), InstanceRunning{"i"});
  world.both(draw(7), NodeRegistered{NodeId(0), "n", "i", "g"});
  world.both(draw(8), NodeReady{NodeId(0)});
  world.both(1500ms, PodBound{PodId(0), NodeId(0)});
  world.both(1750ms, PodRunning{PodId(0)});

  const auto stages = stages_of(world.pods.pods()[0], world.nodes);
  REQUIRE(stages);
  // The set that does not apply is all zero.
  Duration sum{};
  for (Duration stage : stages->stages) sum += stage;
  for (Duration stage : stages->plain) sum += stage;
  CHECK(sum == stages->total);
}

TEST_CASE("percentiles are nearest rank, and infinite members rank last", "[metrics]") {
  std::vector<Duration> values;
  for (int i = 100; i >= 1; --i) values.push_back(std::chrono::seconds(i));

  const Quantiles all = quantiles_of(values);
  CHECK(all.p50 == 50s);
  CHECK(all.p90 == 90s);
  CHECK(all.p99 == 99s);
  CHECK(all.max == 100s);
  CHECK(all.mean_s == Approx(50.5));

  const Quantiles with_lost = quantiles_of(values, 2);
  CHECK(with_lost.count == 102);
  CHECK(with_lost.p90 == 92s);
  CHECK_FALSE(with_lost.p99.has_value());
  CHECK_FALSE(with_lost.max.has_value());

  CHECK_FALSE(quantiles_of({}).p50.has_value());
}

TEST_CASE("pods created before the warm-up do not count in scale-up latency", "[metrics]") {
  OrderedNode world;
  world.up_to_ready();
  world.both(59s, PodBound{PodId(0), NodeId(0)});
  world.both(61s, PodRunning{PodId(0)});

  CHECK(summarize_latency(world.pods, world.nodes, {}, {.warmup = at(10s)}).scale_up.total.count ==
        1);
  const auto late =
      summarize_latency(world.pods, world.nodes, {}, {.warmup = at(11s), .unserved = 3});
  CHECK(late.scale_up.total.count == 3);
  CHECK_FALSE(late.scale_up.total.p50.has_value());
  CHECK(late.pod_latency.count == 4);
}

TEST_CASE("pod states add up to the pods created", "[metrics]") {
  PodLedger ledger;
  for (std::uint32_t i = 0; i < 9; ++i) {
    ledger.on_fact(at(0s), PodCreated{.pod = PodId(i), .workload = WorkloadId(0)});
  }
  for (std::uint32_t i = 1; i < 9; ++i) ledger.on_fact(at(1s), PodBound{PodId(i), NodeId(0)});
  for (std::uint32_t i = 2; i < 9; ++i) ledger.on_fact(at(2s), PodRunning{PodId(i)});
  const std::array ends = {PodEnd::kCompleted, PodEnd::kDeleted, PodEnd::kEvicted,
                           PodEnd::kPreempted, PodEnd::kLost};
  for (std::uint32_t i = 0; i < ends.size(); ++i) {
    ledger.on_fact(at(3s), PodEnded{PodId(4 + i), ends[i]});
  }

  const PodTally n = ledger.counts();
  CHECK(n.adds_up());
  CHECK(n.pending == 1);
  CHECK(n.starting == 1);
  CHECK(n.running == 2);
  CHECK(n.completed == 1);
  CHECK(n.lost == 1);
}

#include "sim/metrics/convergence.h"

#include "tests/catch.h"
#include "tests/metrics/told_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

using Verdict = ConvergenceVerdict;

LoadSchedule edges_at(std::vector<Duration> times) {
  LoadSchedule schedule;
  for (const Duration at : times) schedule.edges.push_back({kTimeZero + at, "burst web"});
  return schedule;
}

void add_ready_nodes(ToldWorld& world, Duration at, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t n = first; n < first + count; ++n) {
    world.register_node(at, n);
    world.tell(at, NodeReady{NodeId(n)});
  }
}

}  // namespace

TEST_CASE("a cluster at its minimum without load has converged", "[metrics]") {
  ToldWorld world(2);
  world.set_target(0s, 2);
  add_ready_nodes(world, 0s, 0, 2);

  const ConvergenceSummary summary = world.summary(1h).convergence;
  REQUIRE(summary.settlings.size() == 1);
  const Settling& start = summary.settlings.front();
  CHECK(start.verdict == Verdict::kConverged);
  CHECK(start.service_settled == Duration{});
  CHECK(start.size_settled == Duration{});
  CHECK_FALSE(start.first_node);
  CHECK(start.overshoot() == 0);
  CHECK(start.excess_node_hours == Approx(0));
  CHECK(summary.tracking.ideal_node_hours == Approx(2));
}

TEST_CASE("ten nodes at 60 % have settled, with an excess of four", "[metrics]") {
  ToldWorld world;
  world.set_target(0s, 10);
  add_ready_nodes(world, 0s, 0, 10);
  world.create_all(0s, 0, 60);
  world.run_all(0s, 2s, 0, 60, 10);

  const Summary summary = world.summary(2h);
  const Settling& start = summary.convergence.settlings.front();
  CHECK(start.verdict == Verdict::kConverged);
  CHECK(start.max_ideal == 6);
  CHECK(start.overshoot() == 4);
  CHECK(start.excess_node_hours == Approx(8));
  CHECK(start.excess_usd == Approx(8));
  CHECK(start.ideal_node_hours == Approx(12));
  CHECK(summary.convergence.tracking.over_node_hours == Approx(8));
  CHECK(summary.convergence.tracking.under_node_hours == Approx(0));
  CHECK(summary.convergence.ideal_usd == Approx(12));
  CHECK(summary.convergence.used_usd == Approx(12));
}

TEST_CASE("pods behind scheduling gates are no demand, and keep nothing from being settled",
          "[metrics]") {
  ToldWorld world;
  for (std::uint32_t i = 0; i < 30; ++i) {
    world.create(60s, i);
    world.tell(60s, PodGated{PodId(i)});
  }
  // Ten are let through, ten are deleted behind their gates, ten wait there for ever.
  for (std::uint32_t i = 0; i < 10; ++i) world.tell(1000s, PodUngated{PodId(i)});
  for (std::uint32_t i = 10; i < 20; ++i) world.tell(1000s, PodEnded{PodId(i), PodEnd::kDeleted});

  const ConvergenceSummary waiting = world.summary(1800s).convergence;
  CHECK(waiting.settlings.front().max_ideal == 1);
  CHECK(waiting.settlings.front().pending_pod_s == Approx(8000));
  CHECK(waiting.settlings.front().verdict == Verdict::kLate);
  // 15 minutes after the gates, not after the pods were created.
  CHECK(world.summary(1899s).convergence.settlings.front().verdict == Verdict::kLate);
  CHECK(world.summary(1900s).convergence.settlings.front().verdict == Verdict::kStuck);

  add_ready_nodes(world, 1950s, 0, 1);
  world.set_target(1950s, 1);
  world.run_all(2000s, 2001s, 0, 10, 1);
  const Settling settled = world.summary(2h).convergence.settlings.front();
  CHECK(settled.service_settled == 2000s);
  CHECK(settled.ideal_node_hours == Approx(6200.0 / 3600));
}

TEST_CASE("a burst settles when its last pod is bound and the last node too many is gone",
          "[metrics]") {
  ToldWorld world(0, edges_at({60s}));
  world.create_all(60s, 0, 20);
  world.tell(70s, IncreaseSizeCommitted{LoopId(1), "a", {SlotId(0), SlotId(1), SlotId(2)}});
  world.set_target(70s, 3);
  for (std::uint32_t n = 0; n < 3; ++n) world.register_node(110s, n);
  for (std::uint32_t n = 0; n < 3; ++n) world.tell(120s, NodeReady{NodeId(n)});
  world.run_all(121s, 123s, 0, 20, 2);
  world.tell(990s, NodeTainted{NodeId(2), true});
  world.set_target(1000s, 2);
  world.tell(1010s, NodeGone{NodeId(2)});

  const ConvergenceSummary summary = world.summary(3000s).convergence;
  REQUIRE(summary.settlings.size() == 2);
  CHECK(summary.settlings[0].verdict == Verdict::kUndecided);  // a minute is too short to tell
  const Settling& burst = summary.settlings[1];
  CHECK(burst.verdict == Verdict::kConverged);
  CHECK(burst.first_node == 60s);
  CHECK(burst.service_settled == 61s);
  CHECK(burst.size_settled == 940s);
  CHECK(burst.overshoot() == 1);
  CHECK(burst.excess_node_hours == Approx(870.0 / 3600));
  CHECK(burst.pending_pod_s == Approx(20 * 61));
  CHECK(burst.extra_reversals == 1);  // one too many, and back
  CHECK(burst.short_lived == 0);
  // Two nodes were missing until they were Ready, and none of what there was was in use before.
  CHECK(summary.used_usd == Approx(2 * 2880.0 / 3600));
  CHECK(summary.tracking.under_node_hours == Approx(2 * 60.0 / 3600));
}

TEST_CASE("rest that the next disturbance ends before the hold is not settled", "[metrics]") {
  ToldWorld world(0, edges_at({0s, 800s}));
  world.set_target(0s, 1);
  add_ready_nodes(world, 0s, 0, 1);
  world.create(0s, 0);
  world.run(1s, 2s, 0, 0);

  const ConvergenceSummary summary = world.summary(1h).convergence;
  REQUIRE(summary.settlings.size() == 2);
  CHECK(summary.settlings[0].what == std::vector<std::string>{"start", "burst web"});
  CHECK_FALSE(summary.settlings[0].service_settled);
  CHECK(summary.settlings[0].verdict == Verdict::kUndecided);
  CHECK(summary.settlings[1].verdict == Verdict::kConverged);
}

TEST_CASE("a disturbance that the next one follows too soon counts as part of it", "[metrics]") {
  const auto overall = [](Duration end) {
    ToldWorld world(0, edges_at({60s, 100s}));
    world.set_target(0s, 1);
    add_ready_nodes(world, 0s, 0, 1);
    world.create(60s, 0);
    world.run(130s, 131s, 0, 0);
    return values_of(world.summary(end));
  };
  CHECK(overall(1h).at("convergence.verdict") == config::Value("converged"));
  CHECK(overall(1h).at("convergence.service_settled") == config::Value(30.0));
  // But not the last one, which the end cuts short.
  CHECK(overall(500s).at("convergence.verdict") == config::Value("undecided"));
  CHECK(overall(500s).at("convergence.service_settled").is_null());
}

TEST_CASE("a target that turns back while the demand does not oscillates", "[metrics]") {
  ToldWorld world;
  for (int i = 0; i < 6; ++i) world.set_target(100s * (i + 1), i % 2 == 0 ? 5 : 0);

  const Settling start = world.summary(2h).convergence.settlings.front();
  CHECK(start.extra_reversals == 5);
  CHECK(start.verdict == Verdict::kOscillating);
}

TEST_CASE("a target that follows a demand which turns back does not oscillate", "[metrics]") {
  ToldWorld world;
  add_ready_nodes(world, 0s, 0, 5);
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Duration t = 100s * (2 * i + 1);
    world.create_all(t, 50 * i, 50);
    world.set_target(t, 5);
    world.run_all(t + 1s, t + 2s, 50 * i, 50, 5);
    for (std::uint32_t pod = 50 * i; pod < 50 * (i + 1); ++pod) world.end(t + 90s, pod);
    world.set_target(t + 100s, 0);
  }
  const Settling start = world.summary(2h).convergence.settlings.front();
  CHECK(start.extra_reversals == 0);
  CHECK(start.verdict == Verdict::kConverged);
}

TEST_CASE("turning back by less than a node and 5 % is no reversal", "[metrics]") {
  Reversals reversals(100);
  for (const std::int64_t size : {200, 195, 200, 191, 204}) reversals.on_size(size);
  CHECK(reversals.count() == 0);
  reversals.on_size(193);  // 11 of 204
  CHECK(reversals.count() == 1);
}

TEST_CASE("an outage in which nothing is ordered leaves the cluster stuck", "[metrics]") {
  ToldWorld world;
  world.tell(3600s, FaultBegan{0, "ec2_outage", 2h});
  world.create(3610s, 0);

  const Summary summary = world.summary(3h);
  const ConvergenceSummary& convergence = summary.convergence;
  REQUIRE(convergence.settlings.size() == 2);
  CHECK(convergence.settlings[0].verdict == Verdict::kConverged);
  CHECK(convergence.settlings[1].what.front() == "fault ec2_outage");
  CHECK(convergence.settlings[1].verdict == Verdict::kStuck);
  CHECK(values_of(summary).at("convergence.verdict") == config::Value("stuck"));
  CHECK(values_of(summary).at("convergence.service_settled").is_null());
}

TEST_CASE("pods that wait longer than settle_within are served late", "[metrics]") {
  ToldWorld world(0, edges_at({0s}), {.settle_within = 5min});
  world.create(0s, 0);
  world.set_target(280s, 1);
  world.tell(280s, IncreaseSizeCommitted{LoopId(1), "a", {SlotId(0)}});
  add_ready_nodes(world, 310s, 0, 1);
  world.run(320s, 322s, 0, 0);

  const Settling start = world.summary(1h).convergence.settlings.front();
  CHECK(start.service_settled == 320s);
  CHECK(start.verdict == Verdict::kLate);
}

TEST_CASE("while pods flow in one by one nothing can settle", "[metrics]") {
  LoadSchedule schedule;
  schedule.flows_from = kTimeZero;
  schedule.flows_to = kTimeZero + 1h;
  ToldWorld world(0, schedule);
  world.set_target(0s, 1);
  add_ready_nodes(world, 0s, 0, 1);
  CHECK(world.summary(1h).convergence.settlings.front().verdict == Verdict::kTracking);
}

TEST_CASE("pods on nodes of no group are not demand for groups", "[metrics]") {
  ToldWorld world;
  world.register_node(0s, 0, "");
  world.tell(0s, NodeReady{NodeId(0)});
  world.create_all(0s, 0, 11);
  CHECK(world.collectors.convergence().demand().nodes() == 2);
  world.run_all(1s, 2s, 0, 10, 1);
  CHECK(world.collectors.convergence().demand().nodes() == 1);
  for (std::uint32_t pod = 0; pod < 11; ++pod) world.end(5s, pod);
  CHECK(world.collectors.convergence().demand().nodes() == 0);
}

TEST_CASE("the tracking error counts from the warm-up on", "[metrics]") {
  ToldWorld world(0, {}, {.warmup = kTimeZero + 30min});
  world.set_target(0s, 1);
  add_ready_nodes(world, 0s, 0, 1);
  const ConvergenceSummary summary = world.summary(1h).convergence;
  CHECK(summary.tracking.over_node_hours == Approx(0.5));
  CHECK(summary.settlings.front().excess_node_hours == Approx(1));
}

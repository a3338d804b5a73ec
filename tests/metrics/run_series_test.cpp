#include "sim/metrics/run_series.h"

#include "sim/metrics/decision_log.h"
#include "sim/metrics/run_marks.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

TimePoint series_time(Duration t) { return kTimeZero + t; }

// A ledger and the series behind it, as the collectors hand facts on.
struct ToldSeries {
  void tell(Duration t, const Fact& fact) {
    pods.on_fact(series_time(t), fact);
    series.on_fact(series_time(t), fact, pods);
  }

  std::int64_t now(const std::string& name) const {
    for (const auto& of : series.quantities()) {
      if (of.name == name) return series.steps().now(of.column);
    }
    FAIL("no quantity " << name);
    return 0;
  }

  bool has(const std::string& name) const {
    for (const auto& of : series.quantities()) {
      if (of.name == name) return true;
    }
    return false;
  }

  PodLedger pods;
  RunSeries series;
};

}  // namespace

TEST_CASE("pods are pending until bound and running until they end", "[metrics]") {
  ToldSeries told;
  for (PodId::rep pod = 0; pod < 3; ++pod) told.tell(1s, PodCreated{PodId(pod), WorkloadId(0)});
  CHECK(told.now("pods_pending") == 3);
  told.tell(2s, PodBound{PodId(0), NodeId(0)});
  told.tell(2s, PodBound{PodId(1), NodeId(0)});
  told.tell(3s, PodRunning{PodId(0)});
  CHECK(told.now("pods_pending") == 1);
  CHECK(told.now("pods_running") == 1);
  told.tell(4s, PodEnded{PodId(0)});                    // ran
  told.tell(4s, PodEnded{PodId(1), PodEnd::kDeleted});  // had a node
  told.tell(4s, PodEnded{PodId(2), PodEnd::kDeleted});  // had none
  CHECK(told.now("pods_pending") == 0);
  CHECK(told.now("pods_running") == 0);
}

TEST_CASE("targets are as the provider told them last", "[metrics]") {
  ToldSeries told;
  told.tell(0s, GroupTargetChanged{"a", 1});
  told.tell(0s, GroupTargetChanged{"b", 0});
  told.tell(5s, GroupTargetChanged{"b", 3});
  CHECK(told.now("target.b") == 3);
  CHECK(told.now("nodes_target") == 4);
  told.tell(6s, GroupTargetChanged{"b", 3});  // told anew by the next provider
  told.tell(7s, GroupTargetChanged{"a", 0});
  CHECK(told.now("target.a") == 0);
  CHECK(told.now("nodes_target") == 3);
}

TEST_CASE("nodes are registered until gone, and Ready between", "[metrics]") {
  ToldSeries told;
  told.tell(1s, NodeRegistered{NodeId(0), "n0", "i-0", "a"});
  told.tell(2s, NodeReady{NodeId(0)});
  told.tell(3s, NodeNotReady{NodeId(0)});
  told.tell(4s, NodeReady{NodeId(0)});
  CHECK(told.now("nodes_ready") == 1);
  CHECK(told.now("ready.a") == 1);
  told.tell(5s, NodeGone{NodeId(0)});
  CHECK(told.now("nodes_ready") == 0);
  CHECK(told.now("nodes_registered") == 0);
}

TEST_CASE("what was never told is not in the series", "[metrics]") {
  ToldSeries told;
  CHECK_FALSE(told.has("nodes_ideal"));
  CHECK(told.has("cost_usd_per_hour"));
  told.series.set_ideal(series_time(1s), 4);
  CHECK(told.now("nodes_ideal") == 4);
  told.series.set_cost_rate(series_time(1s), std::nullopt);  // a type without a price
  CHECK_FALSE(told.has("cost_usd_per_hour"));
}

TEST_CASE("decisions are told by group with their reasons", "[metrics]") {
  DecisionLog log;
  log.on_fact(series_time(0s), NodeRegistered{NodeId(0), "n0", "i-0", "a"});
  log.on_fact(series_time(10s), OptionConsidered{LoopId(1), "a", 3, 9, ""});
  log.on_fact(series_time(10s), OptionConsidered{LoopId(1), "b", 5, 9, "least-waste"});
  log.on_fact(series_time(10s), ScaleUpDecided{LoopId(1), "a", 3, {PodId(0), PodId(1)}});
  log.on_fact(series_time(20s), GroupSkipped{LoopId(2), "a", "in backoff"});
  log.on_fact(series_time(50s), GroupSkipped{LoopId(3), "a", ""});
  log.on_fact(series_time(60s), ScaleDownDecided{LoopId(4), "n0", false});
  log.on_fact(series_time(60s), ScaleDownDecided{LoopId(4), "unheard", false});
  const auto& told = log.decisions();
  REQUIRE(told.size() == 4);
  CHECK(told[0].kind == DecisionKind::kOrder);
  CHECK((told[0].nodes == 3 && told[0].pods == 2));
  CHECK(told[0].reason == "instead of b (least-waste)");
  CHECK((told[1].from == series_time(20s) && told[1].to == series_time(50s) &&
         told[1].reason == "in backoff"));
  CHECK((told[2].group == "a" && told[2].nodes == 1 && told[2].reason == "empty"));
  CHECK(told[3].group.empty());
}

TEST_CASE("too many decisions become fewer, and say of how many", "[metrics]") {
  DecisionLog log;
  constexpr int kOrders = 20'000;
  for (int i = 0; i < kOrders; ++i) {
    log.on_fact(series_time(30s * i),
                ScaleUpDecided{LoopId(static_cast<LoopId::rep>(i)), "a", 2, {}});
  }
  CHECK(log.decisions().size() <= DecisionLog::kMost);
  CHECK(log.window() > 30s);
  std::int64_t nodes = 0;
  std::int64_t decisions = 0;
  for (const Decision& of : log.decisions()) {
    nodes += of.nodes;
    decisions += of.decisions;
  }
  CHECK(nodes == 2 * kOrders);
  CHECK(decisions == kOrders);
}

TEST_CASE("processes are marked as down until they start again", "[metrics]") {
  RunMarks marks;
  marks.on_fact(series_time(5s), FaultBegan{0, "ec2_outage", 4s});
  marks.on_fact(series_time(0s), ProviderStarted{1});
  marks.on_fact(series_time(6s), ProviderCrashed{1});
  marks.on_fact(series_time(8s), ProviderStarted{2});
  marks.on_fact(series_time(9s), AutoscalerKilled{1});
  REQUIRE(marks.marks().size() == 3);
  CHECK((marks.marks()[0].is_fault && marks.marks()[0].what == "ec2_outage"));
  CHECK((marks.marks()[1].from == series_time(6s) && marks.marks()[1].to == series_time(8s)));
  CHECK(marks.marks()[2].to == kTimeNever);
  for (int i = 0; i < 2000; ++i) marks.on_fact(series_time(10s), FaultBegan{1, "x", 1s});
  CHECK(marks.marks().size() == RunMarks::kMost);
  CHECK(marks.left_out() == 1003);
}

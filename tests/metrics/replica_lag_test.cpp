#include "sim/metrics/replica_lag.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

// Pods of workload 0, in order of their ids.
class ToldLag {
 public:
  void at(Duration t, const Fact& fact) {
    pods_.on_fact(kTimeZero + t, fact);
    lag_.on_fact(kTimeZero + t, fact, pods_);
  }

  void pod(std::uint32_t id, Duration created, Duration bound, Duration running) {
    at(created, PodCreated{.pod = PodId(id), .workload = WorkloadId(0), .index = id});
    at(bound, PodBound{PodId(id), NodeId(0)});
    at(running, PodRunning{PodId(id)});
  }

  ReplicaLagTotals totals(Duration end) const { return lag_.totals(kTimeZero + end).at("web"); }

 private:
  PodLedger pods_;
  ReplicaLag lag_;
};

}  // namespace

TEST_CASE("each link of the chain has the time for which it was next to act", "[metrics]") {
  ToldLag told;
  told.pod(0, 0s, 0s, 0s);
  told.at(0s, HpaCreated{"web", WorkloadId(0), 1});
  told.at(0s, ReplicasNeeded{"web", 1});
  told.at(10s, ReplicasNeeded{"web", 3});
  told.at(25s, HpaRescaled{"web", 1, 3});  // 2 missing for 15 s
  told.pod(1, 26s, 30s, 32s);              // the controller 1 s, nodes 4 s, start 2 s
  const ReplicaLagTotals before = told.totals(32s);
  CHECK(before.missing == std::array<double, 4>{30, 2 + 6, 4, 2});
  told.pod(2, 36s, 66s, 70s);
  const ReplicaLagTotals out = told.totals(100s);
  CHECK(out.missing == std::array<double, 4>{30, 1 + 11, 4 + 30, 2 + 4});
  CHECK(out.rescales == 1);
  CHECK(out.peak == std::array<std::int32_t, 5>{3, 3, 3, 3, 3});
  const auto reached = [](Duration t) { return std::optional(kTimeZero + t); };
  CHECK(out.reached == std::array<std::optional<TimePoint>, 5>{
                           reached(10s), reached(25s), reached(36s), reached(66s), reached(70s)});
}

TEST_CASE("pods beyond the need, and of other workloads, do not make up for anything",
          "[metrics]") {
  ToldLag told;
  told.at(0s, HpaCreated{"web", WorkloadId(0), 2});
  told.at(0s, ReplicasNeeded{"web", 1});
  told.pod(0, 5s, 5s, 5s);
  told.pod(1, 5s, 5s, 5s);
  told.at(6s, PodCreated{.pod = PodId(2), .workload = WorkloadId(1), .index = 0});
  told.at(10s, ReplicasNeeded{"web", 4});
  told.at(20s, PodEnded{PodId(0), PodEnd::kLost});
  // 1 for 5 s not created; then 2 asked of 4 for 20 s; one of the two gone for 10 s.
  const ReplicaLagTotals out = told.totals(30s);
  CHECK(out.missing == std::array<double, 4>{40, 5 + 10, 0, 0});
  CHECK_FALSE(out.reached[1].has_value());
}

TEST_CASE("what was there before it was needed does not count as reached", "[metrics]") {
  ToldLag told;
  for (std::uint32_t pod = 0; pod < 4; ++pod) told.pod(pod, 0s, 0s, 0s);
  told.at(0s, HpaCreated{"web", WorkloadId(0), 4});
  told.at(0s, ReplicasNeeded{"web", 1});
  told.at(10s, HpaRescaled{"web", 4, 1});
  for (std::uint32_t pod = 1; pod < 4; ++pod) told.at(12s, PodEnded{PodId(pod), PodEnd::kDeleted});
  told.at(100s, ReplicasNeeded{"web", 4});
  told.at(130s, HpaRescaled{"web", 1, 4});
  for (std::uint32_t pod = 4; pod < 7; ++pod) told.pod(pod, 131s, 140s, 145s);
  const ReplicaLagTotals out = told.totals(200s);
  const auto reached = [](Duration t) { return std::optional(kTimeZero + t); };
  CHECK(out.reached == std::array<std::optional<TimePoint>, 5>{reached(100s), reached(130s),
                                                               reached(131s), reached(140s),
                                                               reached(145s)});
  CHECK(out.peak == std::array<std::int32_t, 5>{4, 4, 4, 4, 4});
}

TEST_CASE("without a need that can be said nothing is missing", "[metrics]") {
  ToldLag told;
  told.at(0s, HpaCreated{"web", WorkloadId(0), 2});
  told.at(9s, HpaRescaled{"web", 2, 4});
  const ReplicaLagTotals out = told.totals(30s);
  CHECK_FALSE(out.has_need);
  CHECK(out.rescales == 1);
  CHECK_FALSE(out.reached[0].has_value());
  SummaryValues values;
  list_values(values, {{"web", out}});
  CHECK(values.at("hpas.{name}.missing.nodes").find("web")->is_null());
}

}  // namespace casim::sim

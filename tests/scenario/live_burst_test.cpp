// A live measurement (algorithm 1.2a: real etcd, API server, scheduler 50/100, autoscaler 1.37)
// against scenarios/live-300.json, through the whole simulator.
#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;

namespace {

struct Played {
  std::vector<double> waits;  // from created to bound, in seconds, sorted
  std::vector<int> orders;    // nodes of each IncreaseSize

  // Nearest rank.
  double wait(double share) const {
    const double rank = std::ceil(share * static_cast<double>(waits.size()));
    return waits.at(static_cast<std::size_t>(rank) - 1);
  }
};

// How far a figure is from the live one, as a share of that.
double off(double got, double live) { return std::abs(got / live - 1); }

Played play(const std::vector<std::string>& overrides) {
  const Ran ran = run_file("live-300", overrides);
  Played burst;
  for (const PodRecord& pod : ran.pods) {
    if (pod.is_bound()) burst.waits.push_back(to_seconds(pod.bound - pod.created));
  }
  std::sort(burst.waits.begin(), burst.waits.end());
  for (const nlohmann::json& fact : facts_named(ran.facts, "ScaleUpDecided")) {
    burst.orders.push_back(fact.at("delta").get<int>());
  }
  return burst;
}

}  // namespace

TEST_CASE("a burst of 300 pods waits as long as it did in a live cluster", "[scenario]") {
  const auto seed = GENERATE(1, 2, 3);
  const Played burst = play({"seed=" + std::to_string(seed)});
  REQUIRE(burst.waits.size() == 300);
  CHECK(off(burst.wait(0.5), 58.0) < 0.02);
  CHECK(off(burst.wait(0.9), 60.4) < 0.02);
  CHECK(off(burst.wait(0.99), 61.0) < 0.02);
  CHECK(off(burst.wait(1), 61.2) < 0.02);
  // 12 nodes at first, then 2 or 3 for what the scheduler marks in one loop of 0.8 s.
  REQUIRE(burst.orders.size() == 4);
  CHECK(burst.orders[0] == 12);
  for (std::size_t i = 1; i < burst.orders.size(); ++i) {
    CAPTURE(i, burst.orders[i]);
    CHECK((burst.orders[i] == 2 || burst.orders[i] == 3));
  }
}

TEST_CASE("without its own limit the autoscaler orders in smaller steps", "[scenario]") {
  // One node for every 16 pods that the scheduler marks, as on the virtual clock without the limit.
  const Played burst = play({"autoscaler.api.qps=0"});
  CHECK(burst.orders.size() == 8);
  CHECK(burst.orders.front() == 12);
}

TEST_CASE("an attempt's CPU time lies between one binding and the next", "[scenario]") {
  const Ran ran = run_file("live-300", {"scheduler.attempt_time=200ms", "duration=15m"});
  std::vector<TimePoint> bound;
  for (const PodRecord& pod : ran.pods) {
    if (pod.is_bound()) bound.push_back(pod.bound);
  }
  REQUIRE(bound.size() == 300);
  const auto [first, last] = std::minmax_element(bound.begin(), bound.end());
  CHECK(*last - *first > std::chrono::milliseconds(200) * 298);  // less the spread of two writes
}

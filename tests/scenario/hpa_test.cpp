// HPAs and CronJobs of whole scenarios.
#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Four pods of 1.5 cores, whose load needs twelve at 70 % after five minutes.
Scenario with_hpa() {
  Scenario s = small_scenario(4);
  std::get<BurstWorkload>(s.workloads[0].body).run_for = {};
  HpaScenario hpa;
  hpa.name = "web";
  hpa.target = "web";
  hpa.min_replicas = 4;
  hpa.max_replicas = 30;
  HpaMetricScenario metric;
  metric.average_utilization = 70;
  metric.load = {{0s, 1, {}}, {5min, 12.6, {}}};
  hpa.metrics = {metric};
  s.hpas = {hpa};
  return s;
}

std::vector<int> sizes(const Ran& ran) {
  std::vector<int> out;
  for (const auto& fact : facts_named(ran.facts, "HpaRescaled")) out.push_back(fact.at("to"));
  return out;
}

int most_of(const Ran& ran) {
  const std::vector<int> all = sizes(ran);
  return *std::ranges::max_element(all);
}

}  // namespace

TEST_CASE("demand becomes replicas, and those become nodes", "[scenario]") {
  const Ran ran = run_whole(with_hpa());
  REQUIRE(sizes(ran).size() >= 2);
  // At most doubled at a look, which may see a part of the step; then what the load needs, and
  // little more for samples of pods that became Ready one by one.
  CHECK(sizes(ran)[0] > 4);
  CHECK(sizes(ran)[0] <= 8);
  const int most = most_of(ran);
  CHECK(most >= 11);  // 12 less what the tolerance of 0.1 lets pass
  CHECK(most <= 14);
  const Duration asked = first_fact(ran.facts, "HpaRescaled");
  CHECK(asked > 5min);
  CHECK(asked < 5min + 60s);  // sample, scrape, look
  const Duration ordered = first_fact(ran.facts, "ScaleUpDecided");
  CHECK(ordered > asked);
  CHECK(ordered < asked + 30s);
  CHECK(ran.pods.size() == static_cast<std::size_t>(most));
  CHECK(std::ranges::all_of(ran.pods, [](const PodRecord& pod) { return pod.is_bound(); }));
}

TEST_CASE("a load that falls takes the pods away after the window, and the nodes later",
          "[scenario]") {
  Scenario s = with_hpa();
  s.duration = 60min;
  s.hpas[0].metrics[0].load.push_back({15min, 4.2, {}});
  const Ran ran = run_whole(s);
  const auto facts = facts_named(ran.facts, "HpaRescaled");
  REQUIRE_FALSE(facts.empty());
  CHECK(facts.back().at("to") == 4);
  const auto lowered = std::ranges::adjacent_find(
      facts, [](const auto& a, const auto& b) { return a.at("to") > b.at("to"); });
  REQUIRE(lowered != facts.end());
  const double down = std::next(lowered)->at("t").template get<double>();
  CHECK(down > to_seconds(20min));
  CHECK(down < to_seconds(22min));
  const Duration removed = first_fact(ran.facts, "ScaleDownDecided");
  CHECK(to_seconds(removed) > down + to_seconds(10min));
}

TEST_CASE("an HPA sizes a Deployment, as in the shipped scenario", "[scenario]") {
  const Ran ran = run_file("hpa-surge", {"duration=\"25m\""});
  REQUIRE_FALSE(sizes(ran).empty());
  // 16.8 cores at 70 % of half a core are 48 pods.
  CHECK(most_of(ran) >= 44);
  CHECK(most_of(ran) <= 53);  // within the tolerance of 0.1
}

TEST_CASE("what each link is behind adds up to the replicas that do not run", "[scenario]") {
  const Ran ran = run_file("hpa-surge", {"duration=\"25m\""});
  const ReplicaLagTotals lag = ran.summary.hpas.at("web");
  CHECK(lag.peak[0] == 48);
  for (std::size_t step = 1; step < lag.reached.size(); ++step) {
    REQUIRE(lag.reached[step].has_value());
    CHECK(*lag.reached[step] >= *lag.reached[step - 1]);
  }
  // Counted once more, from the facts: what is needed less what runs, at each change.
  std::map<TimePoint, int> running;
  for (const PodRecord& pod : ran.pods) {
    if (!pod.has_run()) continue;
    ++running[pod.running];
    if (pod.has_ended) --running[pod.ended];
  }
  std::map<TimePoint, int> needed;
  for (const auto& fact : facts_named(ran.facts, "ReplicasNeeded")) {
    needed[kTimeZero + from_seconds(fact.at("t").get<double>())] = fact.at("replicas");
    running.try_emplace(kTimeZero + from_seconds(fact.at("t").get<double>()), 0);
  }
  double missing = 0;
  int now = 0;
  for (auto change = running.begin(); change != running.end(); ++change) {
    now += change->second;
    const TimePoint until =
        std::next(change) == running.end() ? kTimeZero + 25min : std::next(change)->first;
    const int need = std::prev(needed.upper_bound(change->first))->second;
    missing += std::max(0, need - now) * to_seconds(until - change->first);
  }
  CHECK(missing > 1000);
  CHECK(std::accumulate(lag.missing.begin(), lag.missing.end(), 0.0) ==
        Approx(missing).epsilon(1e-6));
}

TEST_CASE("memo and wire tell the same of HPAs and Jobs", "[scenario]") {
  Scenario s = with_hpa();
  CronJobWorkload cron;
  cron.schedule = "*/5 * * * *";
  cron.job.run_for = 3min;
  cron.job.failure_rate = 0.5;
  cron.job.pod.resources.requests.cpu = MilliCpu(1000);
  s.workloads.push_back({"cron", cron});
  const Ran memo = run_whole(s);
  CHECK(memo.facts == run_whole(s, {.rpc_on_wire = true}).facts);
  CHECK(memo.pods.size() > 12 + 7);
}

TEST_CASE("pods of a Job that fail are made up for until the Job fails", "[scenario]") {
  Scenario s = small_scenario(1);
  s.duration.reset();
  JobWorkload job;
  job.job.run_for = 30s;
  job.job.backoff_limit = 2;
  job.job.failure_rate = 1;
  job.job.pod.resources.requests.cpu = MilliCpu(500);
  s.workloads.push_back({"doomed", job});
  const Ran ran = run_whole(s);
  const auto made = std::ranges::count_if(
      ran.pods, [](const PodRecord& pod) { return pod.workload == WorkloadId(1); });
  CHECK(made == 3);
  CHECK(ran.summary.stopped_by == "idle");
}

// What a load would offer, computed without running it.
#include "sim/scenario/load_forecast.h"

#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

LoadPlan plan_of(const Scenario& scenario) {
  config::Problems problems;
  const LoadedScenario loaded{"x", scenario, config::Document(config::Value())};
  return make_load_plan(loaded, problems);
}

// Two pods a minute for half an hour, of two cores for ten minutes.
Scenario two_a_minute() {
  Scenario s = small_scenario(1);
  s.duration = 1h;
  ArrivalWorkload steady;
  steady.process = ArrivalProcess::kRegular;
  steady.to = 30min;
  steady.rates.resize(1);
  steady.rates[0].body = ConstantRate{{2.0 / 60}};
  steady.run_for = Distribution::constant(10min);
  steady.pod.resources.requests.cpu = MilliCpu(2000);
  steady.pod.resources.requests.memory = Bytes(1 << 30);
  s.workloads = {{"w", steady}};
  return s;
}

}  // namespace

TEST_CASE("a forecast says what is there at once, and what fits nowhere", "[scenario]") {
  Scenario scenario = two_a_minute();
  BurstWorkload giants;
  giants.count = 7;
  giants.pod.resources.requests.cpu = MilliCpu(64'000);
  scenario.workloads.push_back({"giants", giants});
  const LoadForecast f = forecast(scenario, plan_of(scenario));
  REQUIRE(f.workloads.size() == 2);
  CHECK(f.workloads[0].pods == 60);
  CHECK(f.workloads[0].run_s / 60 == Approx(600));
  CHECK(f.workloads[1].stay == 7);
  CHECK(f.pods.value == 20);  // two a minute for ten minutes
  CHECK(f.cpu.value == Approx(40));
  CHECK(f.cpu.at == 570s);  // when the 20th comes
  CHECK(f.memory.value == Approx(20.0 * (1 << 30)));
  REQUIRE(f.groups.size() == 1);
  CHECK(f.groups[0].decided_by == "cpu");
  CHECK(f.groups[0].nodes.value == Approx(40 / 7.91).epsilon(0.001));  // 7910m of 8 cores
  REQUIRE(f.unfit.size() == 1);
  CHECK(f.unfit[0].pods == 7);
  CHECK_THAT(f.unfit[0].why, Catch::Contains("has 7910m cpu of 64"));
  double arrivals = 0;
  for (const ForecastSlot& slot : f.slots) arrivals += slot.arrivals;
  CHECK(arrivals == 67);
  CHECK(f.slot * static_cast<std::int64_t>(f.slots.size()) >= 40min);
  CHECK(f.slots.front().most.pods > 0);
  CHECK(f.slots.back().most.pods == 0);
}

TEST_CASE("what a run certainly creates is no more than its controllers may", "[scenario]") {
  Scenario s = small_scenario(2'000'000'000);
  CHECK(pods_created(s, plan_of(s)) == Approx(30 + 20 * 2400));
  s.controllers.api = {0, 0};
  CHECK(pods_created(s, plan_of(s)) == Approx(2e9));
}

TEST_CASE("a forecast of two billion pods takes no time", "[scenario]") {
  Scenario s = small_scenario(2'000'000'000);
  const LoadForecast f = forecast(s, plan_of(s));
  CHECK(f.workloads[0].pods == 2'000'000'000);
  CHECK(f.cpu.value == Approx(3e9));
  CHECK_FALSE(f.is_cut);
}

TEST_CASE("sets that somebody sizes grow and shrink in a forecast", "[scenario]") {
  Scenario s = small_scenario(1);
  LoadPlan plan;
  ScaledSpec set;
  set.name = "set";
  set.pod.requests.cpu = MilliCpu(1000);
  set.pod.requests.pods = 1;
  set.steps = {{0s, 3}, {60s, 8}, {120s, 2}};
  plan.workloads.emplace_back(set);
  const LoadForecast f = forecast(s, std::move(plan));
  CHECK(f.workloads[0].pods == 8);
  CHECK(f.cpu.value == 8);
  CHECK(f.cpu.at == 60s);
  CHECK(f.slots.back().most.pods == 2);
}

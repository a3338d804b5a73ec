#include "sim/load/workload_metrics.h"

#include "tests/catch.h"
#include "tests/load/load_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// Pods of workload 0, whose metrics are looked at.
struct MetricsWorld : LoadWorld {
  explicit MetricsWorld(std::vector<LoadedMetric> of)
      : pods(api), metrics({api, pods, random}, WorkloadId(0), std::move(of), {}) {
    pods.watch(WorkloadId(0));
    pods.when_ready_changed([this](WorkloadId id) { metrics.on_ready(pods.ready(id)); });
    informer.add(static_cast<Watcher&>(pods));
  }

  HpaPods pods;
  WorkloadMetrics metrics;
};

LoadedMetric cpu(std::vector<DemandChange> load) {
  return {HpaMetric::Source::kCpu, DemandCurve(std::move(load)), {}};
}

}  // namespace

TEST_CASE("a load is shared by the Ready pods, who have a sample after a while", "[load]") {
  MetricsWorld world({cpu({{0s, 3, {}}})});
  world.add(burst_of(3));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  world.run(PodId(1));
  world.until(8s);
  CHECK_FALSE(world.metrics.of_pods(0, {PodId(0)})->at(0));
  world.until(40s);
  const auto samples = world.metrics.of_pods(0, {PodId(0), PodId(1), PodId(2)});
  REQUIRE(samples);
  REQUIRE(samples->at(0));
  CHECK(samples->at(0)->value == 1500);
  CHECK(samples->at(1)->value == 1500);
  CHECK_FALSE(samples->at(2));  // it does not run
  const Duration age = world.kernel.wall(world.kernel.now()) - samples->at(0)->taken;
  CHECK(age >= 0s);
  CHECK(age <= 25s);  // a scrape and a housekeeping
  CHECK(samples->at(0)->window >= 10s);
  CHECK(samples->at(0)->window <= 25s);
}

TEST_CASE("a sample is the mean between its two points, so a step is seen late and in part",
          "[load]") {
  MetricsWorld world({cpu({{0s, 1, {}}, {100s, 2, {}}})});
  world.add(burst_of(1));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  std::int64_t last = 1000;
  Duration whole{};
  for (Duration t = 90s; t <= 160s; t += 1s) {
    world.until(t);
    const auto sample = world.metrics.of_pods(0, {PodId(0)})->at(0);
    REQUIRE(sample);
    CHECK(sample->value >= last);
    const Duration point = sample->taken - world.kernel.wall(kTimeZero);
    const double after =
        std::clamp(to_seconds(point - 100s) / to_seconds(sample->window), 0.0, 1.0);
    CHECK(sample->value == Approx(1000 + 1000 * after).margin(1));
    last = sample->value;
    if (sample->value == 2000 && whole == Duration{}) whole = t;
  }
  CHECK(whole > 110s);
  CHECK(whole <= 150s);
}

TEST_CASE("custom and external metrics are as they were a lag ago", "[load]") {
  MetricsWorld world(
      {{HpaMetric::Source::kPods, DemandCurve({{0s, 8, {}}, {60s, 20, {}}}), 30s},
       {HpaMetric::Source::kExternal, DemandCurve({{0s, 5, {}}, {60s, 7, {}}}), 20s}});
  world.add(burst_of(2));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  world.until(50s);
  CHECK(world.metrics.of_pods(0, {PodId(0)})->at(0)->value == 8000);
  CHECK(world.metrics.value(1) == 5000);
  world.run(PodId(1));
  world.until(79s);
  CHECK_FALSE(world.metrics.of_pods(0, {PodId(1)})->at(0));
  CHECK(world.metrics.value(1) == 5000);
  world.until(85s);
  CHECK(world.metrics.of_pods(0, {PodId(1)})->at(0)->value == 4000);
  CHECK(world.metrics.value(1) == 7000);
  world.until(90s);
  CHECK(world.metrics.of_pods(0, {PodId(0)})->at(0)->value == 10000);
}

TEST_CASE("memory is what is used at the newest point, not a mean", "[load]") {
  MetricsWorld world(
      {{HpaMetric::Source::kMemory, DemandCurve({{0s, 1000, {}}, {100s, 3000, {}}}), {}}});
  world.add(burst_of(1));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  for (Duration t = 90s; t <= 160s; t += 1s) {
    world.until(t);
    const auto value = world.metrics.of_pods(0, {PodId(0)})->at(0)->value;
    CHECK((value == 1'000'000 || value == 3'000'000));
  }
}

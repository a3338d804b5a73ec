#include "sim/workloads/hpa/hpa_controller.h"

#include <utility>
#include <vector>

#include "sim/events/facts.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct NoFacts final : FactSink {
  void on_fact(TimePoint, const Fact&) override {}
};

// HPAs on things that have no pods, by one external metric.
struct HpaWorld final : ScaleTarget, MetricsSource {
  explicit HpaWorld(int minor, Duration write_latency = {}, double qps = 0, int burst = 0)
      : api(kernel, cluster, facts, Random(1),
            {.write_latency = Distribution::constant(write_latency)}),
        controller(api, pods, {{"horizontal-pod-autoscaler", qps, burst}, {}, {minor}}) {
    pods.watch(WorkloadId(0));
    spec.min = 1;
    spec.max = 50;
    spec.metrics = {{HpaMetric::Source::kExternal, HpaMetric::Target::kAverageValue, 10'000}};
  }

  HpaController::Number add() {
    return controller.create({"hpa", spec, WorkloadId(0), this, this});
  }

  HpaScale scale() const override { return {replicas, replicas}; }

  void set_replicas(std::int32_t wanted) override {
    replicas = wanted;
    scales.emplace_back(kernel.now() - kTimeZero, wanted);
  }

  std::optional<PodSamples> of_pods(std::size_t, const std::vector<PodId>&) override {
    return std::nullopt;
  }

  std::optional<std::int64_t> value(std::size_t) override {
    queries.push_back(kernel.now() - kTimeZero);
    return load;
  }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 10'000'000);
  }

  Kernel kernel{WallTime{}};
  Cluster cluster;
  NoFacts facts;
  ApiServer api;
  HpaPods pods{api};
  HpaController controller;
  HpaSpec spec;
  std::int32_t replicas = 4;
  std::optional<std::int64_t> load = 40'000;
  std::vector<Duration> queries;
  std::vector<std::pair<Duration, std::int32_t>> scales;
};

using Times = std::vector<Duration>;

}  // namespace

TEST_CASE("until 1.36 an HPA is looked at each 15 s, from 15 s after it was made", "[hpa]") {
  HpaWorld world(36);
  world.until(2s);
  const auto hpa = world.add();
  world.until(40s);
  world.spec.max = 40;
  world.controller.change(hpa, world.spec);
  world.until(80s);
  CHECK(world.queries == Times{17s, 32s, 47s, 62s, 77s});
}

TEST_CASE("from 1.37 on also at once when it is new or changed, and the rhythm stays", "[hpa]") {
  HpaWorld world(37);
  world.until(2s);
  const auto hpa = world.add();
  world.until(40s);
  world.spec.max = 40;
  world.controller.change(hpa, world.spec);
  world.until(80s);
  CHECK(world.queries == Times{2s, 17s, 32s, 40s, 47s, 62s, 77s});
}

TEST_CASE("the next look is 15 s after the end of the one before", "[hpa]") {
  HpaWorld world(36, 20ms);
  world.add();
  world.until(65s);
  // Scale and metric are asked, 20 ms each; the first time the status is written, too.
  CHECK(world.queries == Times{15040ms, 30100ms, 45140ms, 60180ms});
}

TEST_CASE("more HPAs than the limit serves stretch the rhythm", "[hpa]") {
  HpaWorld world(36, 0ms, 20, 30);
  for (int i = 0; i < 600; ++i) world.add();
  world.until(75s);
  // 30 scales at once and 20 a second, of 40 a second that would be due.
  CHECK(world.queries.size() >= 1225);
  CHECK(world.queries.size() <= 1235);
}

TEST_CASE("a metric that cannot be read changes nothing, min and max need none", "[hpa]") {
  HpaWorld world(36);
  world.load.reset();
  const auto hpa = world.add();
  world.until(20s);
  CHECK(world.scales.empty());
  CHECK(world.controller.status(hpa).active == HpaStatus::Active::kInvalid);
  world.spec.min = 6;
  world.controller.change(hpa, world.spec);
  world.until(40s);
  CHECK(world.scales == std::vector<std::pair<Duration, std::int32_t>>{{30s, 6}});
  CHECK(world.controller.status(hpa).desired == 6);
}

TEST_CASE("what an HPA of 1.37 has scaled to zero it wakes again", "[hpa]") {
  HpaWorld world(37);
  world.spec.min = 0;
  world.load = 0;
  world.add();
  world.until(400s);
  CHECK(world.scales == std::vector<std::pair<Duration, std::int32_t>>{{315s, 0}});
  world.load = 25'000;
  world.until(420s);
  CHECK(world.replicas == 3);
  // Somebody else's zero is left alone.
  world.replicas = 0;
  world.until(600s);
  CHECK(world.replicas == 0);
}

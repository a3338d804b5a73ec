#include "sim/workloads/hpa/replica_calculator.h"

#include "sim/workloads/hpa/hpa_status.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNow = WallTime(1'700'000'000s);

HpaMetric metric(HpaMetric::Source source, HpaMetric::Target kind, std::int64_t target) {
  return {source, kind, target};
}

HpaMetric cpu(std::int64_t percent) {
  return metric(HpaMetric::Source::kCpu, HpaMetric::Target::kUtilization, percent);
}

// Running and Ready for an hour, asking for a core and using so many thousandths of it.
HpaPod settled(std::int64_t usage) {
  HpaPod pod;
  pod.phase = HpaPod::Phase::kRunning;
  pod.start_time = kNow - 1h;
  pod.is_ready = true;
  pod.ready_changed = kNow - 1h;
  pod.request = 1000;
  pod.sample = PodSample{usage, kNow, 15s};
  return pod;
}

std::vector<HpaPod> many(std::int64_t count, std::int64_t usage) {
  return std::vector<HpaPod>(static_cast<std::size_t>(count), settled(usage));
}

std::optional<HpaProposal> ask(const HpaMetric& metric, const std::vector<HpaPod>& pods,
                               HpaTolerance tolerance = {}) {
  const HpaFlags flags;
  const auto replicas = static_cast<std::int32_t>(pods.size());
  return replicas_for_pods({metric, {replicas, replicas}, tolerance, flags, kNow}, pods);
}

std::int32_t replicas(const HpaMetric& metric, const std::vector<HpaPod>& pods,
                      HpaTolerance tolerance = {}) {
  const auto proposal = ask(metric, pods, tolerance);
  REQUIRE(proposal);
  return proposal->replicas;
}

HpaTolerance of_release(int minor) { return tolerance_of({}, {}, {minor}); }

}  // namespace

TEST_CASE("the ratio is rounded to a double before it is multiplied", "[hpa]") {
  struct Row {
    std::int64_t pods;
    std::int64_t usage;  // percent
    std::int64_t target;
    std::int32_t wanted;
  };

  const Row row = GENERATE(values<Row>({{25, 56, 50, 29},  // not 28, which is exact
                                        {25, 28, 50, 15},
                                        {25, 84, 75, 29},
                                        {21, 90, 70, 28},
                                        {50, 56, 50, 57},
                                        {24, 56, 50, 27},
                                        {8, 59, 50, 10},
                                        {6, 50, 50, 6}}));
  CAPTURE(row.pods, row.usage, row.target);
  CHECK(replicas(cpu(row.target), many(row.pods, row.usage * 10)) == row.wanted);
}

TEST_CASE("exactly the tolerance is kept, upwards from 1.33 on only", "[hpa]") {
  CHECK(replicas(cpu(50), many(10, 550), of_release(32)) == 11);
  CHECK(replicas(cpu(50), many(10, 550), of_release(33)) == 10);
  CHECK(replicas(cpu(50), many(10, 450), of_release(32)) == 10);
  CHECK(replicas(cpu(50), many(10, 450), of_release(37)) == 10);
  CHECK(replicas(cpu(50), many(10, 440), of_release(37)) == 9);
  CHECK(replicas(cpu(100), many(10, 1360), {.up = 0.36, .down = 0.1}) == 14);
}

TEST_CASE("an HPA has a tolerance of its own from 1.35 on", "[hpa]") {
  HpaSpec spec;
  spec.behavior.emplace();
  spec.behavior->up.tolerance = 0.3;
  CHECK(tolerance_of(spec, {}, {34}).up == 0.1);
  CHECK(tolerance_of(spec, {}, {35}).up == 0.3);
  CHECK(tolerance_of(spec, {}, {35}).down == 0.1);
}

TEST_CASE("pods that start, or stop, do not count; above the target they count as idle", "[hpa]") {
  HpaPod pending = settled(0);
  pending.phase = HpaPod::Phase::kPending;
  pending.sample.reset();
  std::vector<HpaPod> pods = many(6, 1600);
  for (int i = 0; i < 2; ++i) pods.push_back(pending);
  CHECK(replicas(cpu(80), pods) == 12);  // (6 * 160 % + 2 * 0) / 8 = 120 %, 1.5 * 8
  pods = many(6, 400);
  for (int i = 0; i < 2; ++i) pods.push_back(pending);
  CHECK(replicas(cpu(80), pods) == 3);  // of the six that count

  HpaPod ended = settled(5000);
  ended.phase = HpaPod::Phase::kEnded;
  HpaPod going = settled(5000);
  going.is_deleting = true;
  pods = many(4, 800);
  pods.push_back(ended);
  pods.push_back(going);
  CHECK(replicas(cpu(40), pods) == 8);
  CHECK_FALSE(ask(cpu(40), {ended, going, pending}));
}

TEST_CASE("the CPU of a young pod counts one window after it became Ready", "[hpa]") {
  HpaPod young = settled(1000);
  young.start_time = kNow - 30s;
  young.ready_changed = kNow - 15s;
  CHECK(replicas(cpu(50), {young}) == 2);
  young.ready_changed = kNow - 14s;
  CHECK_FALSE(ask(cpu(50), {young}));
  young.ready_changed = kNow - 20s;
  young.sample->taken = kNow - 6s;
  CHECK_FALSE(ask(cpu(50), {young}));
  young.sample->taken = kNow - 5s;
  CHECK(replicas(cpu(50), {young}) == 2);
  // Memory and custom metrics do not ask.
  young.ready_changed = kNow;
  young.is_ready = false;
  const HpaMetric memory = metric(HpaMetric::Source::kMemory, HpaMetric::Target::kUtilization, 50);
  CHECK(replicas(memory, {young}) == 2);
  const HpaMetric custom = metric(HpaMetric::Source::kPods, HpaMetric::Target::kAverageValue, 500);
  CHECK(replicas(custom, {young}) == 2);
}

TEST_CASE("a pod that turns unready counts as such in its first five minutes only", "[hpa]") {
  std::vector<HpaPod> pods = many(6, 800);
  for (std::size_t i = 0; i < 3; ++i) {
    pods[i].is_ready = false;
    pods[i].ready_changed = kNow - 60s;
  }
  CHECK(replicas(cpu(50), pods) == 10);
  for (HpaPod& pod : pods) pod.start_time = kNow - 299s;
  CHECK(replicas(cpu(50), pods) == 6);  // 6 * 80 % / 2 / 50 % = 0.8: it would turn round
  // Never Ready: its only transition lies within 30 s of its start.
  for (HpaPod& pod : pods) pod.start_time = kNow - 400s;
  pods[0].ready_changed = kNow - 371s;
  pods[1].ready_changed = kNow - 371s;
  pods[2].ready_changed = kNow - 371s;
  CHECK(replicas(cpu(50), pods) == 6);
  pods[0].ready_changed = kNow - 370s;
  pods[1].ready_changed = kNow - 370s;
  pods[2].ready_changed = kNow - 370s;
  CHECK(replicas(cpu(50), pods) == 10);
}

TEST_CASE("pods without a sample slow either direction down", "[hpa]") {
  HpaPod silent = settled(0);
  silent.sample.reset();
  std::vector<HpaPod> pods = many(4, 1500);
  pods.push_back(silent);
  pods.push_back(silent);
  CHECK(replicas(cpu(50), pods) == 12);  // 4 * 150 % / 6 = 100 %
  pods = many(5, 72);
  pods.push_back(silent);
  CHECK(replicas(cpu(50), pods) == 3);   // (5 * 72 + 1000) / 6000 = 22 %, 0.44 * 6
  CHECK(replicas(cpu(200), pods) == 2);  // as the target: (360 + 2000) / 6000 = 39 %
  const HpaMetric custom = metric(HpaMetric::Source::kPods, HpaMetric::Target::kAverageValue, 500);
  CHECK(replicas(custom, pods) == 2);  // (360 + 500) / 6 = 143, 0.286 * 6
  pods = many(2, 400);
  for (int i = 0; i < 4; ++i) pods.push_back(silent);
  CHECK(replicas(cpu(50), pods) == 6);  // 80 %: it would turn round
}

TEST_CASE("an object or external value scales the Ready pods, an average the sum", "[hpa]") {
  const HpaFlags flags;
  const auto wanted = [&](HpaMetric::Target kind, std::int64_t target, HpaScale scale,
                          std::int64_t usage, const std::vector<HpaPod>& pods) {
    const HpaMetric one = metric(HpaMetric::Source::kExternal, kind, target);
    return replicas_for_value({one, scale, {}, flags, kNow}, usage, pods);
  };
  const auto kValue = HpaMetric::Target::kValue;
  const auto kAverage = HpaMetric::Target::kAverageValue;
  CHECK(wanted(kValue, 100'000, {6, 6}, 220'000, many(6, 0))->replicas == 14);
  CHECK(wanted(kValue, 100'000, {6, 6}, 109'000, many(6, 0))->replicas == 6);
  std::vector<HpaPod> half = many(6, 0);
  for (std::size_t i = 0; i < 3; ++i) half[i].is_ready = false;
  CHECK(wanted(kValue, 100'000, {6, 6}, 220'000, half)->replicas == 7);
  CHECK_FALSE(wanted(kValue, 100'000, {6, 6}, 220'000, {}));
  CHECK(wanted(kValue, 100'000, {0, 0}, 220'000, {})->replicas == 3);
  CHECK(wanted(kAverage, 10'000, {6, 6}, 96'000, many(6, 0))->replicas == 10);
  CHECK(wanted(kAverage, 10'000, {6, 6}, 65'000, many(6, 0))->replicas == 6);
  CHECK(wanted(kAverage, 10'000, {6, 4}, 44'000, many(6, 0))->replicas == 4);  // by the status
  CHECK(wanted(kAverage, 10'000, {0, 0}, 25'000, {})->replicas == 3);
  CHECK(wanted(kAverage, 10'000, {0, 0}, 0, {})->replicas == 0);
}

TEST_CASE("the largest valid proposal counts, and none that scales down beside an invalid one",
          "[hpa]") {
  const auto says = [](std::int32_t n) { return std::optional<HpaProposal>({n, 0}); };
  CHECK(advice_of({says(3), says(7), says(5)}, 4)->replicas == 7);
  CHECK(advice_of({says(3), says(7), says(5)}, 4)->deciding == 1);
  CHECK(advice_of({std::nullopt, says(7)}, 4)->replicas == 7);
  CHECK(advice_of({std::nullopt, says(4)}, 4)->replicas == 4);
  CHECK_FALSE(advice_of({std::nullopt, says(3)}, 4));
  CHECK_FALSE(advice_of({std::nullopt}, 4));
}

TEST_CASE("sizes outside of min and max are put right without a metric, zero is left alone",
          "[hpa]") {
  HpaSpec spec;
  spec.min = 2;
  spec.max = 10;
  spec.metrics = {cpu(50)};
  CHECK(course_of(spec, 1, false, {36}) == HpaCourse::kToMin);
  CHECK(course_of(spec, 11, false, {36}) == HpaCourse::kToMax);
  CHECK(course_of(spec, 2, false, {36}) == HpaCourse::kAskMetrics);
  CHECK(course_of(spec, 0, false, {37}) == HpaCourse::kDisabled);
  CHECK(course_of(spec, 0, true, {37}) == HpaCourse::kAskMetrics);  // min was raised since
  CHECK(course_of(spec, 0, true, {36}) == HpaCourse::kDisabled);
  spec.min = 0;
  CHECK(course_of(spec, 0, true, {37}) == HpaCourse::kDisabled);  // CPU cannot wake it
  spec.metrics.push_back(metric(HpaMetric::Source::kExternal, HpaMetric::Target::kValue, 1));
  CHECK(course_of(spec, 0, true, {37}) == HpaCourse::kAskMetrics);
  CHECK(course_of(spec, 0, false, {37}) == HpaCourse::kDisabled);  // somebody else did it
}

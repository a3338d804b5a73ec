#include "sim/workloads/hpa/scaling_rules.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;

namespace {

TimePoint at(std::int64_t second) { return kTimeZero + std::chrono::seconds(second); }

// An HPA whose every wish is carried out at once.
struct Scaled {
  explicit Scaled(std::int32_t size, std::int32_t min = 1, std::int32_t max = 100) : current(size) {
    spec.min = min;
    spec.max = max;
    rules.note_first(size, at(0));
  }

  std::int32_t sync(std::int64_t second, std::int32_t proposed) {
    const std::int32_t wanted = rules.apply(spec, {current, proposed}, at(second), limits);
    if (wanted != current) rules.note_change(spec, current, wanted, at(second));
    return current = wanted;
  }

  HpaSpec spec;
  ScalingRules rules{HpaFlags{}};
  HpaLimits limits;
  std::int32_t current;
};

}  // namespace

TEST_CASE("without behavior a size at most doubles, from 1 it grows to 4", "[hpa]") {
  Scaled hpa(3, 1, 38);
  CHECK(hpa.sync(15, 60) == 6);
  CHECK(hpa.limits.limit == HpaLimits::Limit::kRate);
  CHECK(hpa.sync(30, 60) == 12);
  CHECK(hpa.sync(45, 60) == 24);
  CHECK(hpa.sync(60, 60) == 38);
  CHECK(hpa.limits.limit == HpaLimits::Limit::kMax);
  CHECK(Scaled(1).sync(15, 9) == 4);
}

TEST_CASE("without behavior one high proposal holds for the whole window", "[hpa]") {
  Scaled hpa(3);
  CHECK(hpa.sync(15, 30) == 6);
  CHECK(hpa.sync(30, 3) == 12);
  CHECK(hpa.limits.is_stabilized);
  CHECK(hpa.sync(45, 3) == 24);
  CHECK(hpa.sync(60, 3) == 30);
  CHECK(hpa.sync(315, 3) == 30);  // 300 s old: it still counts
  CHECK(hpa.sync(316, 3) == 3);
}

TEST_CASE("a new HPA waits a window before its first scale-down", "[hpa]") {
  Scaled hpa(8);
  CHECK(hpa.sync(0, 2) == 8);
  CHECK(hpa.sync(300, 2) == 8);
  CHECK(hpa.sync(301, 2) == 2);
  Scaled ruled(8);
  ruled.spec.behavior.emplace();
  CHECK(ruled.sync(299, 2) == 8);
  CHECK(ruled.sync(300, 2) == 2);  // the edge is not part of a window of behavior
}

TEST_CASE("with behavior the larger of +4 and +100 % is allowed each 15 s", "[hpa]") {
  Scaled hpa(3, 1, 33);
  hpa.spec.behavior.emplace();
  CHECK(hpa.sync(15, 60) == 7);
  CHECK(hpa.sync(20, 60) == 7);
  CHECK(hpa.sync(30, 60) == 14);
  CHECK(hpa.sync(45, 60) == 28);
  CHECK(hpa.sync(60, 60) == 33);
}

TEST_CASE("with behavior a high proposal lasts no longer than it is one", "[hpa]") {
  Scaled hpa(3);
  hpa.spec.behavior.emplace();
  CHECK(hpa.sync(15, 33) == 7);
  CHECK(hpa.sync(30, 3) == 7);
  CHECK(hpa.sync(314, 3) == 7);
  CHECK(hpa.sync(315, 3) == 3);
}

TEST_CASE("the window up waits for the last low proposal to pass", "[hpa]") {
  Scaled hpa(3);
  hpa.spec.behavior.emplace();
  hpa.spec.behavior->up.window_s = 90;
  CHECK(hpa.sync(15, 3) == 3);
  CHECK(hpa.sync(30, 6) == 3);
  CHECK(hpa.sync(60, 8) == 3);
  CHECK(hpa.sync(104, 8) == 3);
  CHECK(hpa.sync(105, 8) == 6);
}

TEST_CASE("a percentage down is rounded down, and each period starts where it ended", "[hpa]") {
  Scaled hpa(18);
  hpa.spec.behavior.emplace();
  hpa.spec.behavior->down.window_s = 0;
  hpa.spec.behavior->down.policies = {{true, 20, 30}};
  std::vector<std::int32_t> sizes;
  for (std::int64_t t = 15; t <= 225; t += 15) sizes.push_back(hpa.sync(t, 1));
  CHECK(sizes == std::vector<std::int32_t>{14, 14, 11, 11, 8, 8, 6, 6, 4, 4, 3, 3, 2, 2, 1});
  Scaled pods(5);
  pods.spec.behavior.emplace();
  pods.spec.behavior->down.window_s = 0;
  pods.spec.behavior->down.policies = {{false, 1, 45}};
  CHECK(pods.sync(15, 1) == 4);
  CHECK(pods.sync(45, 1) == 4);
  CHECK(pods.sync(60, 1) == 3);
}

TEST_CASE("Min takes the policy that changes less, Disabled changes nothing", "[hpa]") {
  Scaled hpa(14);
  hpa.spec.behavior.emplace();
  hpa.spec.behavior->up = {0, HpaSelect::kMin, {{false, 5, 60}, {true, 50, 15}}, {}};
  CHECK(hpa.sync(15, 70) == 19);
  CHECK(hpa.sync(60, 70) == 19);
  CHECK(hpa.sync(75, 70) == 24);
  hpa.spec.behavior->up.select = HpaSelect::kDisabled;
  CHECK(hpa.sync(200, 70) == 24);
  hpa.spec.behavior->down.select = HpaSelect::kDisabled;
  CHECK(hpa.sync(900, 1) == 24);
}

TEST_CASE("what was added in a period may be taken away in it beyond the policy", "[hpa]") {
  Scaled hpa(10);
  hpa.spec.behavior.emplace();
  hpa.spec.behavior->down.window_s = 0;
  hpa.spec.behavior->down.policies = {{false, 1, 60}};
  CHECK(hpa.sync(15, 20) == 20);
  CHECK(hpa.sync(30, 1) == 9);  // 20 - 10 of this minute, less 1
}

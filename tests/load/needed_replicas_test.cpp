#include "sim/load/needed_replicas.h"

#include <map>

#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

// Every change from the start on, in whole milliseconds.
std::map<std::int64_t, std::int32_t> changes(const NeededReplicas& needed) {
  std::map<std::int64_t, std::int32_t> out{{0, needed.at(kTimeZero)}};
  for (TimePoint t = needed.next_change(kTimeZero); t != kTimeNever; t = needed.next_change(t)) {
    CHECK(needed.at(t) != needed.at(t - 2us));
    out[std::chrono::floor<std::chrono::milliseconds>(t - kTimeZero).count()] = needed.at(t);
  }
  return out;
}

}  // namespace

TEST_CASE("a load needs as many replicas as take it, one more at a time on a ramp", "[load]") {
  // 0.35 cores each: 12 of them take 4.2, whatever doubles say of the quotient.
  const NeededReplicas needed(
      {{DemandCurve({{0s, 4.2, {}}, {10s, 5.25, 30s}, {100s, 0.1, {}}}), 0.35}}, 2, 100);
  CHECK(changes(needed) == std::map<std::int64_t, std::int32_t>{
                               {0, 12}, {10'000, 13}, {20'000, 14}, {30'000, 15}, {100'000, 2}});
}

TEST_CASE("what is needed stays within the bounds of the HPA", "[load]") {
  const NeededReplicas needed({{DemandCurve({{0s, 1, {}}, {10s, 1001, 10s}, {30s, 0, 10s}}), 1}}, 3,
                              5);
  CHECK(changes(needed) == std::map<std::int64_t, std::int32_t>{
                               {0, 3}, {10'020, 4}, {10'030, 5}, {39'960, 4}, {39'970, 3}});
}

TEST_CASE("the metric that asks for most decides", "[load]") {
  const NeededReplicas needed({{DemandCurve({{0s, 3, {}}, {20s, 8, {}}}), 1},
                               {DemandCurve({{0s, 10, {}}, {10s, 50, {}}, {30s, 0, {}}}), 10}},
                              1, 9);
  CHECK(changes(needed) == std::map<std::int64_t, std::int32_t>{{0, 3}, {10'000, 5}, {20'000, 8}});
}

}  // namespace casim::sim

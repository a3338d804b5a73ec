#include "sim/load/demand_curve.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a demand curve steps and ramps, and is nothing before it begins", "[load]") {
  const DemandCurve curve({{10s, 4, {}}, {20s, 10, 30s}, {60s, 1, {}}});
  CHECK(curve.at(kTimeZero) == 0);
  CHECK(curve.at(kTimeZero + 10s) == 4);
  CHECK(curve.at(kTimeZero + 20s) == 4);
  CHECK(curve.at(kTimeZero + 35s) == Approx(7));
  CHECK(curve.at(kTimeZero + 50s) == Approx(10));
  CHECK(curve.at(kTimeZero + 1h) == 1);
}

TEST_CASE("the integral of a demand curve is that of its pieces", "[load]") {
  const DemandCurve curve({{10s, 4, {}}, {20s, 10, 30s}, {60s, 1, {}}});
  const auto between = [&](Duration from, Duration to) {
    return curve.between(kTimeZero + from, kTimeZero + to);
  };
  CHECK(between(0s, 10s) == 0);
  CHECK(between(0s, 20s) == Approx(40));
  CHECK(between(20s, 50s) == Approx(210));
  CHECK(between(35s, 55s) == Approx(127.5 + 50));
  CHECK(between(50s, 70s) == Approx(110));
  CHECK(DemandCurve({}).between(kTimeZero, kTimeZero + 1h) == 0);
}

TEST_CASE("a demand curve leaves a band by a step, a ramp, or never", "[load]") {
  const DemandCurve curve({{10s, 4, {}}, {20s, 10, 30s}, {60s, 1, {}}});
  const auto leaves = [&](Duration from, double low, double high) {
    return curve.leaves(kTimeZero + from, low, high);
  };
  CHECK(leaves(0s, -1, 3) == kTimeZero + 10s);
  CHECK(leaves(0s, -1, 4) > kTimeZero + 20s);
  CHECK(leaves(0s, -1, 4) <= kTimeZero + 20s + 1us);
  CHECK(leaves(12s, 3, 7) >= kTimeZero + 35s);
  CHECK(leaves(12s, 3, 7) <= kTimeZero + 35s + 1us);
  CHECK(leaves(12s, 3, 10) == kTimeZero + 60s);  // 10 is not more than 10
  CHECK(leaves(12s, 1, 10) == kTimeZero + 60s);  // 1 is at most 1
  CHECK(leaves(12s, 0, 10) == kTimeNever);
  CHECK(leaves(60s, 0, 10) == kTimeNever);
  // Outside already: the next instant is.
  CHECK(leaves(12s, 5, 7) == kTimeZero + 12s + 1ns);
}

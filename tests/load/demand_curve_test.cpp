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

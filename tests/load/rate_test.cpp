// Rates by their values and integrals, which are computed here anew.
#include "sim/load/rate.h"

#include "sim/load/rate_shapes.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;

double at(const RatePtr& rate, double t) { return rate->piece_at(t).at(t); }

// The integral by many small steps.
double by_steps(const Rate& rate, double begin, double end) {
  constexpr int kSteps = 200'000;
  double pods = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double t = begin + (end - begin) * (i + 0.5) / kSteps;
    pods += rate.piece_at(t).at(t) * (end - begin) / kSteps;
  }
  return pods;
}

RatePtr working_day(WallTime start) {
  return cycle({2, cosine_day(0.3, 14 * kHour), {1, 1, 1, 1, 1, 0.5, 0.25}, start});
}

const WallTime kFirstMonday(std::chrono::seconds(1'767'571'200));  // 2026-01-05, 00:00

}  // namespace

TEST_CASE("a ramp is straight, and level before and after", "[load]") {
  const RatePtr rate = ramp(10, 20, 1, 5);
  CHECK(at(rate, 0) == 1);
  CHECK(at(rate, 10) == 1);
  CHECK(at(rate, 20) == 3);
  CHECK(at(rate, 30) == 5);
  CHECK(at(rate, 1000) == 5);
  CHECK(integral(*rate, 0, 40) == Approx(10 + 60 + 50));
}

TEST_CASE("sums, scaled rates and windows", "[load]") {
  const RatePtr rate =
      sum({constant_rate(1), scaled(window(ramp(0, 10, 0, 10), 5, 20), 0.5), sum({})});
  CHECK(at(rate, 4.999) == 1);
  CHECK(at(rate, 5) == 3.5);
  CHECK(at(rate, 12) == 6);
  CHECK(at(rate, 20) == 1);
  CHECK(integral(*rate, 0, 30) == Approx(30 + (5 * 7.5 + 10 * 10) / 2));
  CHECK(bounds(*rate, 6, 30).least == 1);
  CHECK(bounds(*rate, 6, 30).greatest == 6);
  CHECK(bounds(*rate, 0, 4).greatest == 1);
}

TEST_CASE("bursts bring their size within their time", "[load]") {
  const Random random(1);
  const RatePtr rate = bursts({50, 30, 60, 5, 0}, random, 7);
  CHECK(at(rate, 29) == 0);
  CHECK(at(rate, 30) == 10);
  CHECK(at(rate, 34.9) == 10);
  CHECK(at(rate, 35) == 0);
  CHECK(at(rate, 90) == 10);
  CHECK(integral(*rate, 0, 630) == Approx(500));
}

TEST_CASE("jitter moves each burst by itself, and loses none", "[load]") {
  const Random random(1);
  const RatePtr rate = bursts({50, 0, 60, 5, 40}, random, 7);
  CHECK(integral(*rate, 0, 6000) == Approx(5000));
  std::vector<double> begins;
  for (int n = 0; n < 100; ++n) begins.push_back(rate->piece_at(60.0 * n).end - 60.0 * n);
  const auto [least, greatest] = std::ranges::minmax(begins);
  CHECK(least < 4);
  CHECK(greatest > 36);
  CHECK(greatest <= 40);
  CHECK(at(bursts({50, 0, 60, 5, 40}, random, 8), begins[0] + 1) != at(rate, begins[0] + 1));
}

TEST_CASE("a cycle has its peak and its trough at their hours, UTC", "[load]") {
  const RatePtr rate = working_day(kFirstMonday + 6h);  // the run begins at six
  CHECK(at(rate, 8 * kHour) == Approx(2));
  CHECK(at(rate, 20 * kHour) == Approx(0.6));
  CHECK(at(rate, 14 * kHour) == Approx(2 * 0.65).epsilon(0.001));
  CHECK(at(rate, 4 * kDay + 8 * kHour) == Approx(2));    // Friday
  CHECK(at(rate, 5 * kDay + 8 * kHour) == Approx(1));    // Saturday
  CHECK(at(rate, 6 * kDay + 8 * kHour) == Approx(0.5));  // Sunday
  CHECK(at(rate, 7 * kDay + 8 * kHour) == Approx(2));
  CHECK(integral(*rate, 0, kDay) == Approx(2 * 0.65 * kDay).epsilon(1e-6));
  CHECK(integral(*rate, 1000, 3 * kDay) == Approx(by_steps(*rate, 1000, 3 * kDay)).epsilon(1e-5));
}

TEST_CASE("a day by hours is straight between them", "[load]") {
  std::vector<double> hours(24, 0.0);
  hours[9] = 1;
  const RatePtr rate = cycle({10, hours, std::vector<double>(7, 1.0), kFirstMonday});
  CHECK(at(rate, 8.5 * kHour) == Approx(5));
  CHECK(at(rate, 9 * kHour) == Approx(10));
  CHECK(at(rate, 9.75 * kHour) == Approx(2.5));
  CHECK(at(rate, 12 * kHour) == 0);
}

TEST_CASE("a modulated rate stays as long in its states as it should", "[load]") {
  const Random random(3);
  const RatePtr rate = modulated(
      {{1, Distribution(Exponential{100}), {}}, {5, Distribution(Exponential{20}), {}}}, random, 7);
  const double end = 1e6;
  double high = 0;
  int visits = 0;
  for (double t = 0; t < end;) {
    const RatePiece piece = rate->piece_at(t);
    if (piece.at_begin == 5) high += piece.end - piece.begin;
    visits += piece.at_begin == 5 ? 1 : 0;
    t = piece.end;
  }
  // 8,333 visits are expected; the standard deviation of their mean length is 1.1 %.
  CHECK(visits == Approx(end / 120).epsilon(0.04));
  CHECK(high / visits == Approx(20).epsilon(0.04));
  CHECK(rate->piece_at(0).at_begin == 1);
}

TEST_CASE("states follow by their weights", "[load]") {
  const Random random(3);
  const Distribution second = Distribution::constant(1s);
  const RatePtr rate = modulated(
      {{0, second, {0, 3, 1}}, {1, second, {1, 0, 0}}, {2, second, {1, 0, 0}}}, random, 1);
  int ones = 0;
  int twos = 0;
  for (int t = 1; t < 8000; t += 2) {
    ones += at(rate, t + 0.5) == 1 ? 1 : 0;
    twos += at(rate, t + 0.5) == 2 ? 1 : 0;
    REQUIRE(at(rate, t - 0.5) == 0);
  }
  CHECK(ones + twos == 4000);
  CHECK(ones == Approx(3000).margin(110));  // four standard deviations
}

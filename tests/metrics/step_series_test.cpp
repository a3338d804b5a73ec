#include "sim/metrics/step_series.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

TimePoint step_time(Duration t) { return kTimeZero + t; }

// Over all rows, in units times seconds.
double integral_of(const StepSeries::Rows& rows, SeriesColumn gauge) {
  double sum = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sum += rows.mean_of(gauge, i) * to_seconds(rows.length_of(i));
  }
  return sum;
}

}  // namespace

TEST_CASE("a row keeps the mean, the least and the most of a gauge", "[metrics]") {
  StepSeries series;
  const SeriesColumn gauge = series.add_gauge();
  series.set(gauge, step_time(0s), 4);
  series.set(gauge, step_time(1500ms), 10);
  series.set(gauge, step_time(1750ms), 2);
  const StepSeries::Rows rows(series, step_time(3500ms));
  REQUIRE(rows.size() == 4);
  CHECK(rows.mean_of(gauge, 0) == 4);
  CHECK((rows.of(gauge, 0).least == 4 && rows.of(gauge, 0).most == 4));
  CHECK(rows.mean_of(gauge, 1) == 4 * 0.5 + 10 * 0.25 + 2 * 0.25);
  CHECK((rows.of(gauge, 1).least == 2 && rows.of(gauge, 1).most == 10));
  CHECK(rows.mean_of(gauge, 3) == 2);
  CHECK(rows.length_of(3) == 500ms);
}

TEST_CASE("a peak of no length is not lost", "[metrics]") {
  StepSeries series;
  const SeriesColumn gauge = series.add_gauge();
  series.set(gauge, step_time(2s), 7);
  series.set(gauge, step_time(2s), 1);
  const StepSeries::Rows rows(series, step_time(4s));
  CHECK(rows.of(gauge, 2).most == 7);
  CHECK(rows.of(gauge, 1).most == 0);
  CHECK(rows.mean_of(gauge, 2) == 1);
}

TEST_CASE("a long run has at most so many rows, and the same integral and peaks", "[metrics]") {
  StepSeries series;
  const SeriesColumn gauge = series.add_gauge();
  const SeriesColumn counter = series.add_counter();
  constexpr std::int64_t kDays = 40;
  constexpr std::int64_t kPeakHour = 333;
  double expected = 0;
  for (std::int64_t hour = 0; hour < 24 * kDays; ++hour) {
    const std::int64_t value = hour == kPeakHour ? 1'000'000 : hour % 17;
    series.set(gauge, step_time(1h * hour), value);
    series.count(counter, step_time(1h * hour));
    expected += static_cast<double>(value) * 3600;
  }
  const StepSeries::Rows rows(series, step_time(24h * kDays));
  CHECK(rows.size() <= StepSeries::kMostRows);
  CHECK(rows.size() > StepSeries::kMostRows / 2);
  CHECK(integral_of(rows, gauge) == Approx(expected).epsilon(1e-12));
  std::int64_t most = 0;
  std::int64_t counted = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    most = std::max(most, rows.of(gauge, i).most);
    counted += rows.count_of(counter, i);
    if (rows.of(gauge, i).most == 1'000'000) {
      CHECK(rows.begin_of(i) <= step_time(1h * (kPeakHour + 1)));
      CHECK(rows.begin_of(i) + rows.step() > step_time(1h * kPeakHour));
    }
  }
  CHECK(most == 1'000'000);
  CHECK(counted == 24 * kDays);
}

TEST_CASE("what is added late has been nothing until then", "[metrics]") {
  StepSeries series;
  const SeriesColumn early = series.add_gauge();
  series.set(early, step_time(5000s), 1);  // by now the step has doubled
  const SeriesColumn late = series.add_gauge();
  series.set(late, step_time(5000s), 3);
  const StepSeries::Rows rows(series, step_time(5002s));
  CHECK(integral_of(rows, early) == Approx(2.0));
  CHECK(integral_of(rows, late) == Approx(6.0));
  CHECK(rows.of(late, 0).most == 0);
}

TEST_CASE("what happens at the very end is of the last row", "[metrics]") {
  StepSeries series;
  const SeriesColumn gauge = series.add_gauge();
  const SeriesColumn counter = series.add_counter();
  series.set(gauge, step_time(2s), 5);
  series.count(counter, step_time(2s));
  const StepSeries::Rows rows(series, step_time(2s));
  REQUIRE(rows.size() == 2);
  CHECK(rows.of(gauge, 1).most == 5);
  CHECK(rows.mean_of(gauge, 1) == 0);
  CHECK(rows.count_of(counter, 1) == 1);
  CHECK(StepSeries::Rows(StepSeries(), kTimeZero).size() == 1);
}

#include "sim/study/interval.h"

#include <vector>

#include "src/core/random.h"
#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("an outlier or ties do not blow the interval of the mean up", "[study]") {
  std::vector<double> runs(39, 14.378980866941111);
  runs.push_back(20);
  const auto interval = mean_interval(runs, "x");
  REQUIRE(interval);
  CHECK(interval->low >= 14.3);
  CHECK(interval->high <= 15);
  const auto few = mean_interval({100, 100.001, 100.002, 100, 500}, "x");
  REQUIRE(few);
  CHECK(few->low >= 100);
  CHECK(few->high <= 500);
}

TEST_CASE("the interval of the median narrows with many runs, and does not vanish", "[study]") {
  std::vector<double> runs;
  for (int run = 0; run < 4000; ++run) {
    runs.push_back(Random(5).uniform("test", 0, static_cast<std::uint64_t>(run)));
  }
  const auto interval = median_interval(runs);
  REQUIRE(interval);
  // 1.96 / (2 sqrt(4000)) on each side.
  CHECK(interval->high - interval->low == Approx(0.031).margin(0.006));
}

TEST_CASE("few runs have no interval, and equal ones have one of no width", "[study]") {
  CHECK_FALSE(mean_interval({1, 2, 3, 4}, "x"));
  CHECK(mean_interval({1, 2, 3, 4, 5}, "x"));
  CHECK(mean_interval({7, 7, 7, 7, 7}, "x") == Interval{7, 7});
  CHECK_FALSE(median_interval({1, 2, 3, 4, 5}));
  CHECK(median_interval({6, 2, 3, 1, 5, 4}) == Interval{1, 6});
  // Of 10 the second and the ninth: 1 - 2 (1 + 10) / 1024 = 97.9 %.
  CHECK(median_interval({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}) == Interval{2, 9});
  CHECK(median_of({4, 1, 3, 2}) == 2.5);
}

}  // namespace casim::sim

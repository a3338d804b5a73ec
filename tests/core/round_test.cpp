#include "src/core/round.h"

#include <cstdint>
#include <limits>

#include "src/core/time.h"
#include "tests/catch.h"

namespace casim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("a real number becomes the nearest whole one, or the limit that it passes", "[core]") {
  struct Row {
    double value;
    std::int64_t wide;
    std::int32_t narrow;
    std::uint8_t small;
  };

  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
  constexpr std::int32_t kMax32 = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t kMin32 = std::numeric_limits<std::int32_t>::min();
  const auto row = GENERATE(values<Row>({
      {0, 0, 0, 0},
      {0.4999, 0, 0, 0},
      {0.5, 1, 1, 1},
      {-0.4, 0, 0, 0},
      {-0.5, -1, -1, 0},
      {-2.5, -3, -3, 0},
      {254.5, 255, 255, 255},
      {256, 256, 256, 255},
      {2147483646.5, kMax32, kMax32, 255},
      {2147483647.5, std::int64_t{kMax32} + 1, kMax32, 255},
      {-2147483648.0, kMin32, kMin32, 0},
      {-2147483649.0, std::int64_t{kMin32} - 1, kMin32, 0},
      {9007199254740992.0, 9007199254740992, kMax32, 255},
      {9223372036854774784.0, 9223372036854774784, kMax32, 255},  // the last double below
      {9223372036854775808.0, kMax, kMax32, 255},
      {-9223372036854775808.0, kMin, kMin32, 0},
      {1e30, kMax, kMax32, 255},
      {-1e30, kMin, kMin32, 0},
      {kInfinity, kMax, kMax32, 255},
      {-kInfinity, kMin, kMin32, 0},
  }));
  CAPTURE(row.value);
  CHECK(round_to<std::int64_t>(row.value) == row.wide);
  CHECK(round_to<std::int64_t>(static_cast<long double>(row.value)) == row.wide);
  CHECK(round_to<std::int32_t>(row.value) == row.narrow);
  CHECK(round_to<std::uint8_t>(row.value) == row.small);
}

TEST_CASE("seconds beyond what a duration holds give the longest one", "[core]") {
  CHECK(from_seconds(1.5) == std::chrono::milliseconds(1500));
  CHECK(from_seconds(-1e-9) == Duration(-1));
  CHECK(from_seconds(1e10) == Duration::max());
  CHECK(from_seconds(-kInfinity) == Duration::min());
  CHECK(from_seconds(to_seconds(Duration::max())) == Duration::max());
  static_assert(from_seconds(1e200) == Duration::max());  // by a cast it would be no constant
}

}  // namespace
}  // namespace casim

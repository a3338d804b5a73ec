#include "src/core/distribution.h"

#include <bit>

#include "src/core/random.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

struct Row {
  const char* name;
  Distribution distribution;
  double u;
  Duration expected;
};

// Reference values from the closed forms, evaluated with 30 digits.
TEST_CASE("each family gives its quantiles, rounded to 1 us", "[core]") {
  const auto row = GENERATE(values<Row>({
      {"constant", Distribution::constant(2s), 0.3, 2s},
      {"default is zero", Distribution(), 0.9, 0s},
      {"uniform", Distribution(Uniform{1, 3}), 0.25, 1500ms},
      {"exponential median", Distribution(Exponential{10}), 0.5, 6'931'472us},
      {"exponential tail", Distribution(Exponential{10}), 0.999, 69'077'553us},
      {"log-normal median", Distribution::lognormal(4.5, 0.5, 2), 0.5, 6'500ms},
      {"log-normal p99", Distribution::lognormal(4.5, 0.5, 2), 0.99, 16'400'333us},
      {"log-normal without spread", Distribution::lognormal(4.5, 0, 2), 0.99, 6'500ms},
      {"quantiles p50", Distribution::from_quantiles(1.5, 3.4), 0.5, 1'500ms},
      {"quantiles p99", Distribution::from_quantiles(1.5, 3.4), 0.99, 3'400ms},
      {"both quantiles equal", Distribution::from_quantiles(2, 2), 0.999, 2s},
      {"never negative", Distribution(Uniform{-5, 1}), 0.5, 0s},
  }));
  CAPTURE(row.name);
  CHECK(row.distribution.duration(row.u) == row.expected);
}

TEST_CASE("quantiles rise with u", "[core]") {
  const auto row = GENERATE(values<Row>({
      {"log-normal", Distribution::lognormal(1, 1), 0, 0s},
      {"exponential", Distribution(Exponential{1}), 0, 0s},
      {"uniform", Distribution(Uniform{1, 2}), 0, 0s},
  }));
  CAPTURE(row.name);
  double before = -1;
  for (int i = 1; i < 20'000; ++i) {
    const double quantile = row.distribution.quantile(i / 20'000.0);
    REQUIRE(quantile > before);
    before = quantile;
  }
}

TEST_CASE("the ends of the open interval give finite durations", "[core]") {
  const Distribution wild = Distribution::lognormal(1000, 20);
  CHECK(wild.duration(0x1p-53) == 0s);
  CHECK(wild.duration(1 - 0x1p-53) == 24h * 365 * 100);
  CHECK(Distribution(Exponential{1}).duration(1 - 0x1p-53) < 37s);
}

// The hash of many draws. It must not hang on the processor: CTest runs this again with AVX2 and
// FMA hidden from the C library.
TEST_CASE("draws never change a bit", "[core]") {
  const Random random(11);
  const Distribution distributions[] = {Distribution::from_quantiles(1.5, 3.4),
                                        Distribution::lognormal(4.5, 0.5, 2),
                                        Distribution(Exponential{10})};
  std::uint64_t hash = 0;
  for (std::uint64_t n = 0; n < 30'000; ++n) {
    const double quantile = distributions[n % 3].quantile(random.uniform("d", 0, n));
    hash = hash_combine(hash, std::bit_cast<std::uint64_t>(quantile));
  }
  CHECK(hash == 0xf76ac93de9054a77);
}

}  // namespace
}  // namespace casim

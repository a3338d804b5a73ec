#include "src/core/distribution.h"

#include <bit>

#include "src/core/random.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

struct DistributionRow {
  const char* name;
  Distribution distribution;
  double u;
  Duration expected;
};

Distribution table() { return Distribution(QuantileTable{{{0, 0}, {50, 2}, {90, 2}, {100, 60}}}); }

Distribution numbers() {
  const std::vector<double> sorted = {1, 2, 2, 9};
  return Distribution(Empirical{"x.csv", "d", 1, std::make_shared<std::vector<double>>(sorted)});
}

// Three quarters from 1 to 2 s, the rest from 10 to 20 s.
Distribution mixture() {
  const std::vector<WeightedDistribution> parts = {{6, Distribution(Uniform{1, 2})},
                                                   {2, Distribution(Uniform{10, 20})}};
  return Distribution(Mixture{std::make_shared<std::vector<WeightedDistribution>>(parts)});
}

// Reference values from the closed forms, evaluated with 30 digits.
TEST_CASE("each family gives its quantiles, rounded to 1 us", "[core]") {
  const auto row = GENERATE(values<DistributionRow>({
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
      {"Pareto median", Distribution(Pareto{2, 1.5}), 0.5, 3'174'802us},
      {"Pareto p99", Distribution(Pareto{2, 1.5}), 0.99, 43'088'694us},
      {"Pareto by quantiles, p50", Distribution::pareto_from_quantiles(1, 60), 0.5, 1s},
      {"Pareto by quantiles, p99", Distribution::pareto_from_quantiles(1, 60), 0.99, 60s},
      {"Weibull median", Distribution(Weibull{10, 0.7}), 0.5, 5'923'901us},
      {"Weibull by quantiles, p50", Distribution::weibull_from_quantiles(1, 60), 0.5, 1s},
      {"Weibull by quantiles, p99", Distribution::weibull_from_quantiles(1, 60), 0.99, 60s},
      {"exponential by its median", Distribution::exponential_from_median(7), 0.5, 7s},
      {"table, at a point", table(), 0.5, 2s},
      {"table, half way up its tail", table(), 0.95, 31s},
      {"table, below", table(), 0.25, 1s},
      {"empirical, low", numbers(), 0.24, 1s},
      {"empirical, high", numbers(), 0.999, 9s},
      {"mixture, first part", mixture(), 0.375, 1500ms},
      {"mixture, second part", mixture(), 0.875, 15s},
  }));
  CAPTURE(row.name);
  CHECK(row.distribution.duration(row.u) == row.expected);
}

TEST_CASE("quantiles rise with u", "[core]") {
  const auto row = GENERATE(values<DistributionRow>({
      {"log-normal", Distribution::lognormal(1, 1), 0, 0s},
      {"exponential", Distribution(Exponential{1}), 0, 0s},
      {"uniform", Distribution(Uniform{1, 2}), 0, 0s},
      {"Pareto", Distribution(Pareto{1, 0.5}), 0, 0s},
      {"Weibull", Distribution(Weibull{1, 0.5}), 0, 0s},
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

TEST_CASE("draws of heavy tails never change a bit", "[core]") {
  const Random random(11);
  const Distribution distributions[] = {Distribution(Pareto{1, 1.3}),
                                        Distribution::weibull_from_quantiles(1, 60), mixture()};
  std::uint64_t hash = 0;
  for (std::uint64_t n = 0; n < 30'000; ++n) {
    const double quantile = distributions[n % 3].quantile(random.uniform("d", 0, n));
    hash = hash_combine(hash, std::bit_cast<std::uint64_t>(quantile));
  }
  CHECK(hash == 0xc162ba3239121d20);
}

TEST_CASE("a mixture takes the whole of each part", "[core]") {
  const Distribution whole = mixture();
  const Mixture& of = std::get<Mixture>(whole.family());
  CHECK(draw_part(of, 0x1p-53).u > 0);
  CHECK(draw_part(of, 0.75).u > 0);
  CHECK(draw_part(of, 0.75).of == &of.parts->at(1).of);
  CHECK(draw_part(of, 1 - 0x1p-53).u < 1);
}

}  // namespace
}  // namespace casim

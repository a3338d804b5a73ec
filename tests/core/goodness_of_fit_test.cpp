// Draws against the distribution functions that they are said to follow, written anew here, by the
// test of Kolmogorov and Smirnov.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "src/core/distribution.h"
#include "src/core/random.h"
#include "tests/catch.h"

namespace casim {
namespace {

using Cdf = std::function<double(double)>;

Cdf uniform(double min, double max) {
  return [=](double x) { return std::clamp((x - min) / (max - min), 0.0, 1.0); };
}

Cdf exponential(double mean) {
  return [=](double x) { return x <= 0 ? 0 : 1 - std::exp(-x / mean); };
}

Cdf lognormal(double median, double sigma, double shift) {
  return [=](double x) {
    if (x <= shift) return 0.0;
    return std::erfc(-std::log((x - shift) / median) / sigma / std::numbers::sqrt2) / 2;
  };
}

Cdf pareto(double min, double shape) {
  return [=](double x) { return x <= min ? 0 : 1 - std::pow(min / x, shape); };
}

Cdf weibull(double scale, double shape) {
  return [=](double x) { return x <= 0 ? 0 : 1 - std::exp(-std::pow(x / scale, shape)); };
}

// Straight between the points.
Cdf straight(std::vector<std::pair<double, double>> points) {
  return [=](double x) {
    if (x <= points.front().first) return points.front().second;
    for (std::size_t i = 1; i < points.size(); ++i) {
      const auto& [x0, p0] = points[i - 1];
      const auto& [x1, p1] = points[i];
      if (x < x1) return p0 + (p1 - p0) * (x - x0) / (x1 - x0);
    }
    return 1.0;
  };
}

// A fifth is Pareto, the rest exponential.
Distribution mixed() {
  const std::vector<WeightedDistribution> parts = {{4, Distribution(Exponential{10})},
                                                   {1, Distribution(Pareto{20, 2})}};
  return Distribution(Mixture{std::make_shared<std::vector<WeightedDistribution>>(parts)});
}

Cdf mixed_cdf() {
  return [a = exponential(10), b = pareto(20, 2)](double x) { return 0.8 * a(x) + 0.2 * b(x); };
}

constexpr int kDraws = 20'000;

// Exceeded once in 10,000 trials by draws that follow the function.
const double kCritical = std::sqrt(-std::log(0.0001 / 2) / 2 / kDraws);

// The greatest distance between the function and the share of draws below.
double distance(const Distribution& distribution, std::uint64_t seed, const Cdf& cdf) {
  const Random random(seed);
  std::vector<double> draws;
  for (std::uint64_t n = 0; n < kDraws; ++n) {
    draws.push_back(to_seconds(distribution.duration(random.uniform("fit", 7, n))));
  }
  std::ranges::sort(draws);
  double greatest = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double expected = cdf(draws[i]);
    const auto below = static_cast<double>(i);
    greatest = std::max({greatest, expected - below / kDraws, (below + 1) / kDraws - expected});
  }
  return greatest;
}

struct FitRow {
  const char* name;
  Distribution distribution;
  Cdf cdf;
};

std::vector<FitRow> families() {
  const double sigma = std::log(3.4 / 1.5) / 2.3263478740408408;  // of the quantiles below
  const double shape = std::log(std::log(100) / std::numbers::ln2) / std::log(40.0 / 3);
  return {
      {"uniform", Distribution(Uniform{1, 3}), uniform(1, 3)},
      {"exponential", Distribution(Exponential{10}), exponential(10)},
      {"log-normal", Distribution::lognormal(4.5, 0.5), lognormal(4.5, 0.5, 0)},
      {"shifted log-normal", Distribution::lognormal(4.5, 0.5, 2), lognormal(4.5, 0.5, 2)},
      {"p50 and p99", Distribution::from_quantiles(1.5, 3.4), lognormal(1.5, sigma, 0)},
      {"Pareto", Distribution(Pareto{2, 1.2}), pareto(2, 1.2)},
      {"Weibull", Distribution(Weibull{10, 0.6}), weibull(10, 0.6)},
      {"Weibull by quantiles", Distribution::weibull_from_quantiles(3, 40),
       weibull(3 / std::pow(std::numbers::ln2, 1 / shape), shape)},
      {"table", Distribution(QuantileTable{{{0, 1}, {20, 4}, {90, 5}, {100, 9}}}),
       straight({{1, 0}, {4, 0.2}, {5, 0.9}, {9, 1}})},
      {"mixture", mixed(), mixed_cdf()},
  };
}

TEST_CASE("draws of each family fit it", "[core]") {
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(0, 5));
  CAPTURE(seed);
  for (const FitRow& row : families()) {
    CAPTURE(row.name);
    CHECK(distance(row.distribution, seed, row.cdf) < kCritical);
  }
}

TEST_CASE("draws of a family do not fit another one, nor other parameters", "[core]") {
  for (const FitRow& drawn : families()) {
    for (const FitRow& other : families()) {
      if (std::string_view(drawn.name) == other.name) continue;
      CAPTURE(drawn.name);
      CAPTURE(other.name);
      CHECK(distance(drawn.distribution, 1, other.cdf) > 2 * kCritical);
    }
  }
  CHECK(distance(Distribution(Exponential{10}), 1, exponential(10.7)) > kCritical);
  CHECK(distance(Distribution(Uniform{1, 3}), 1, uniform(1, 3.1)) > kCritical);
  CHECK(distance(Distribution::lognormal(4.5, 0.5), 1, lognormal(4.5, 0.54, 0)) > kCritical);
  CHECK(distance(Distribution(Pareto{2, 1.2}), 1, pareto(2, 1.26)) > kCritical);
  CHECK(distance(Distribution(Weibull{10, 0.6}), 1, weibull(10, 0.63)) > kCritical);
  CHECK(distance(mixed(), 1, exponential(10)) > kCritical);
  // The same median and mean, another family.
  const double mean = 4.5 * std::exp(0.5 * 0.5 / 2);
  CHECK(distance(Distribution::lognormal(4.5, 0.5), 1, exponential(mean)) > 2 * kCritical);
}

TEST_CASE("a constant is always drawn", "[core]") {
  const Random random(3);
  const Distribution two = Distribution::constant(std::chrono::seconds(2));
  for (std::uint64_t n = 0; n < 1000; ++n) {
    CHECK(two.duration(random.uniform("fit", 7, n)) == std::chrono::seconds(2));
  }
}

}  // namespace
}  // namespace casim

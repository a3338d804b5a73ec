// The results must be the same bits on every x86-64. The C library picks its double log and exp
// by the processor (with and without FMA), and these differ in the last bit, so nothing here calls
// them: logarithms go through long double, whose x87 code has one variant, and the rest is plain
// arithmetic (built with -ffp-contract=off).
#include "src/core/distribution.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <boost/math/distributions/normal.hpp>

#include "src/core/round.h"

namespace casim {
namespace {

using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

template <class Real>
Real normal_quantile(Real u) {
  return boost::math::quantile(boost::math::normal_distribution<Real, Policy>(), u);
}

// Half of all draws need no logarithm inside Boost.Math, so these take the cheaper double.
double standard_normal(double u) {
  if (u >= 0.25 && u <= 0.75) return normal_quantile<double>(u);
  return static_cast<double>(normal_quantile<long double>(u));
}

// exp within 1 ulp by FreeBSD's e_exp.c (Sun, 1993): x = k ln 2 + r, and a rational function of r.
// A quarter of the time of the long double one, which would dominate a draw.
double exact_exp(double x) {
  constexpr double kLn2High = 6.93147180369123816490e-01;  // 33 bits: k times it is exact
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  const double clamped = std::clamp(x, -750.0, 710.0);  // beyond, the result is 0 or infinite
  const double k = std::floor(clamped * 1.44269504088896338700 + 0.5);
  const double high = clamped - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;
  const double t = r * r;
  const double c =
      r - t * (1.66666666666666019037e-01 +
               t * (-2.77777777770155933842e-03 +
                    t * (6.61375632143793436117e-05 +
                         t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  return std::ldexp(1 - ((low - r * c / (2 - c)) - high), static_cast<int>(k));
}

double exact_log(double x) { return static_cast<double>(std::log(static_cast<long double>(x))); }

double quantile_of(const Constant& d, double) { return d.value; }

double quantile_of(const Uniform& d, double u) { return d.min + u * (d.max - d.min); }

double quantile_of(const Exponential& d, double u) {
  return -d.mean * static_cast<double>(std::log1p(-static_cast<long double>(u)));
}

double quantile_of(const LogNormal& d, double u) {
  if (d.sigma == 0) return d.shift + d.median;
  return d.shift + d.median * exact_exp(d.sigma * standard_normal(u));
}

// The quantile of the exponential distribution with mean 1.
double standard_exponential(double u) { return quantile_of(Exponential{1}, u); }

double quantile_of(const Pareto& d, double u) {
  return d.min * exact_exp(standard_exponential(u) / d.shape);
}

double quantile_of(const Weibull& d, double u) {
  return d.scale * exact_exp(exact_log(standard_exponential(u)) / d.shape);
}

double quantile_of(const QuantileTable& d, double u) {
  const double percentage = u * 100;
  const auto after = std::upper_bound(
      d.points.begin() + 1, d.points.end() - 1, percentage,
      [](double at, const std::pair<double, double>& point) { return at < point.first; });
  const auto& [to, high] = *after;
  const auto& [from, low] = *(after - 1);
  return low + (high - low) * ((percentage - from) / (to - from));
}

double quantile_of(const Empirical& d, double u) {
  const auto size = static_cast<double>(d.sorted->size());
  const auto index = static_cast<std::size_t>(u * size);  // u < 1, but the product may round up
  return (*d.sorted)[std::min(index, d.sorted->size() - 1)];
}

double quantile_of(const Mixture& d, double u) {
  const MixtureDraw part = draw_part(d, u);
  return part.of->quantile(part.u);
}

}  // namespace

Distribution Distribution::constant(Duration d) { return Distribution(Constant{to_seconds(d)}); }

Distribution Distribution::lognormal(double median_s, double sigma, double shift_s) {
  return Distribution(LogNormal{.median = median_s, .sigma = sigma, .shift = shift_s});
}

Distribution Distribution::from_quantiles(double p50_s, double p99_s) {
  assert(p50_s > 0);
  assert(p99_s >= p50_s);
  return lognormal(p50_s, exact_log(p99_s / p50_s) / standard_normal(0.99));
}

Distribution Distribution::pareto_from_quantiles(double p50_s, double p99_s) {
  assert(p50_s > 0 && p99_s > p50_s);
  const double shape = exact_log(50) / exact_log(p99_s / p50_s);
  return Distribution(Pareto{p50_s * exact_exp(-exact_log(2) / shape), shape});
}

Distribution Distribution::weibull_from_quantiles(double p50_s, double p99_s) {
  assert(p50_s > 0 && p99_s > p50_s);
  const double shape = exact_log(exact_log(100) / exact_log(2)) / exact_log(p99_s / p50_s);
  return Distribution(Weibull{p50_s * exact_exp(-exact_log(exact_log(2)) / shape), shape});
}

Distribution Distribution::exponential_from_median(double p50_s) {
  assert(p50_s > 0);
  return Distribution(Exponential{p50_s / exact_log(2)});
}

MixtureDraw draw_part(const Mixture& mixture, double u) {
  assert(mixture.parts && !mixture.parts->empty());
  double total = 0;
  for (const WeightedDistribution& part : *mixture.parts) total += part.weight;
  double left = u * total;
  const WeightedDistribution* chosen = &mixture.parts->back();
  for (const WeightedDistribution& part : *mixture.parts) {
    if (left < part.weight || &part == chosen) {
      chosen = &part;
      break;
    }
    left -= part.weight;
  }
  return {&chosen->of, std::clamp(left / chosen->weight, 0x1p-53, 1 - 0x1p-53)};
}

double Distribution::quantile(double u) const {
  assert(u > 0);
  assert(u < 1);
  return std::visit([u](const auto& family) { return quantile_of(family, u); }, family_);
}

Duration Distribution::duration(double u) const {
  // A tail beyond 100 years is cut, so that adding to any time of a run stays in range.
  constexpr double kLongest = 100.0 * 365 * 86400 * 1e6;
  const double us = std::clamp(quantile(u) * 1e6, 0.0, kLongest);
  return std::chrono::microseconds(round_to<std::int64_t>(us));
}

}  // namespace casim

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

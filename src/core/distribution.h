// Distributions of durations, sampled by inverse CDF from one uniform number, so that
// a draw takes exactly one u whatever the family. Written in scenarios as {"constant": "2s"},
// {"p50": "1.5s", "p99": "3.4s"} (log-normal through both quantiles), {"lognormal": {"median":
// "4.5s", "sigma": 0.5, "shift": "2s"}}, {"uniform": {"min":..., "max":...}}, {"exponential":
// {"mean":...}}. Durations are rounded to 1 us and never negative.
#pragma once

#include <variant>

#include "src/core/time.h"

namespace casim {

struct Constant {
  double value = 0;
};

struct Uniform {
  double min = 0;
  double max = 0;
};

struct Exponential {
  double mean = 0;
};

// shift + exp(N(ln median, sigma)). sigma is the standard deviation of the logarithm.
struct LogNormal {
  double median = 1;
  double sigma = 0;
  double shift = 0;
};

// Values are seconds.
class Distribution {
 public:
  using Family = std::variant<Constant, Uniform, Exponential, LogNormal>;

  Distribution() = default;  // constant zero

  explicit Distribution(Family family) : family_(family) {}

  static Distribution constant(Duration d);
  static Distribution lognormal(double median_s, double sigma, double shift_s = 0);
  // The log-normal with these quantiles. Requires: 0 < p50 <= p99.
  static Distribution from_quantiles(double p50_s, double p99_s);

  double quantile(double u) const;    // seconds; u in (0, 1)
  Duration duration(double u) const;  // the quantile, rounded to 1 us, in [0, 100 years]

  const Family& family() const { return family_; }

 private:
  Family family_ = Constant{};
};

}  // namespace casim

// Distributions of durations and sizes, sampled by inverse CDF from one uniform number, so that
// a draw takes exactly one u whatever the family. Written in scenarios as {"constant": "2s"},
// {"p50": "1.5s", "p99": "3.4s"} (log-normal through both quantiles), {"lognormal": {"median":
// "4.5s", "sigma": 0.5, "shift": "2s"}}, {"uniform": {"min":..., "max":...}}, {"exponential":
// {"mean":...}} and so on: src/config/distribution_codec.cpp. Durations are rounded to 1 us and
// never negative.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

// Above x lies the share (min / x)^shape. Without mean if shape <= 1.
struct Pareto {
  double min = 1;
  double shape = 1;
};

// Above x lies the share exp(-(x / scale)^shape).
struct Weibull {
  double scale = 1;
  double shape = 1;
};

// Values at some percentages, and straight lines between them. Both rise; from 0 to 100 %.
struct QuantileTable {
  std::vector<std::pair<double, double>> points;  // percentage, value
};

// The numbers of a column of a CSV file, all equally likely.
struct Empirical {
  std::string file;
  std::string column;
  double unit = 1;                                    // what 1 in the file means
  std::shared_ptr<const std::vector<double>> sorted;  // not empty, in the distribution's own unit
};

struct WeightedDistribution;

// Shares of it follow distributions of their own. u chooses the part, and what is left of it draws
// from that: exact, but a greater u need not give a greater value.
struct Mixture {
  std::shared_ptr<const std::vector<WeightedDistribution>> parts;  // at least one, weights above 0
};

// Values are seconds, unless the owner says otherwise.
class Distribution {
 public:
  using Family = std::variant<Constant, Uniform, Exponential, LogNormal, Pareto, Weibull,
                              QuantileTable, Empirical, Mixture>;

  Distribution() = default;  // constant zero

  explicit Distribution(Family family) : family_(family) {}

  static Distribution constant(Duration d);
  static Distribution lognormal(double median_s, double sigma, double shift_s = 0);
  // The log-normal with these quantiles. Requires: 0 < p50 <= p99.
  static Distribution from_quantiles(double p50_s, double p99_s);
  // Those with these quantiles. Requires: 0 < p50 < p99.
  static Distribution pareto_from_quantiles(double p50_s, double p99_s);
  static Distribution weibull_from_quantiles(double p50_s, double p99_s);
  static Distribution exponential_from_median(double p50_s);

  double quantile(double u) const;    // seconds; u in (0, 1)
  Duration duration(double u) const;  // the quantile, rounded to 1 us, in [0, 100 years]

  const Family& family() const { return family_; }

 private:
  Family family_ = Constant{};
};

struct WeightedDistribution {
  double weight = 1;
  Distribution of;
};

// The part of a mixture that u falls into, and what is left of u, again uniform in (0, 1).
struct MixtureDraw {
  const Distribution* of;
  double u;
};

MixtureDraw draw_part(const Mixture& mixture, double u);

// Sizes: values are milli-cores, or bytes.
struct CpuDistribution {
  Distribution values;
};

struct MemoryDistribution {
  Distribution values;
};

}  // namespace casim

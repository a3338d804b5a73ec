// Intervals that hold the true value of a statistic with 95 % confidence, from independent runs.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "src/core/random.h"

namespace casim::sim {

struct Interval {
  double low = 0;
  double high = 0;

  bool operator==(const Interval&) const = default;
};

// Of the mean, by the studentised bootstrap over runs (Efron and Tibshirani 1993, 12.5), which
// keeps its promise for skewed values too; by the plain one where many samples have hardly any
// spread of their own, as with one outlier or many ties. None: fewer than 5 runs. `key`: which
// value it is, for the draws.
std::optional<Interval> mean_interval(const std::vector<double>& runs, std::string_view key);

// Of the median, by order statistics: whatever the distribution. None: fewer than 6 runs.
std::optional<Interval> median_interval(std::vector<double> runs);

// Requires: at least one run.
double mean_of(const std::vector<double>& runs);
double median_of(std::vector<double> runs);

}  // namespace casim::sim

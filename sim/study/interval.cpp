#include "sim/study/interval.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace casim::sim {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr double kTail = 0.025;       // on each side
constexpr double kLeastError = 0.05;  // of a sample, as a share of that of all

struct Moments {
  double mean = 0;
  double error = 0;  // of the mean
};

Moments moments_of(const std::vector<double>& values) {
  Moments out;
  out.mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  const auto n = static_cast<double>(values.size());
  out.error = std::sqrt(squares / (n - 1) / n);
  return out;
}

// The value below which that share of them lies.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

double mean_of(const std::vector<double>& runs) {
  return std::accumulate(runs.begin(), runs.end(), 0.0) / static_cast<double>(runs.size());
}

double median_of(std::vector<double> runs) {
  std::ranges::sort(runs);
  return quantile(runs, 0.5);
}

std::optional<Interval> mean_interval(const std::vector<double>& runs, std::string_view key) {
  constexpr std::size_t kFewest = 5;
  if (runs.size() < kFewest) return std::nullopt;
  const Moments all = moments_of(runs);
  if (all.error == 0) return Interval{all.mean, all.mean};
  const Random random(hash_bytes(key));
  std::vector<double> means;
  std::vector<double> ratios;
  means.reserve(kResamples);
  ratios.reserve(kResamples);
  std::vector<double> drawn(runs.size());
  for (std::size_t sample = 0; sample < kResamples; ++sample) {
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      drawn[i] = runs[random.index("bootstrap", sample, i, runs.size())];
    }
    const Moments one = moments_of(drawn);
    means.push_back(one.mean);
    // One that has lost the spread has no error to measure by.
    if (one.error > kLeastError * all.error) ratios.push_back((one.mean - all.mean) / one.error);
  }
  const auto lost = static_cast<double>(means.size() - ratios.size());
  if (lost > kTail * kResamples / 2) {
    std::ranges::sort(means);
    return Interval{quantile(means, kTail), quantile(means, 1 - kTail)};
  }
  std::ranges::sort(ratios);
  return Interval{all.mean - quantile(ratios, 1 - kTail) * all.error,
                  all.mean - quantile(ratios, kTail) * all.error};
}

std::optional<Interval> median_interval(std::vector<double> runs) {
  std::ranges::sort(runs);
  // Rank k from both ends covers with 1 - 2 P(B < k), B binomial (n, 1/2).
  const std::size_t n = runs.size();
  double log_chance = -static_cast<double>(n) * std::log(2.0);  // of B = k
  double below = 0;                                             // chance of B < k
  std::size_t rank = 0;
  while (rank < n / 2 && below + std::exp(log_chance) <= kTail) {
    below += std::exp(log_chance);
    log_chance += std::log(static_cast<double>(n - rank) / static_cast<double>(rank + 1));
    ++rank;
  }
  if (rank == 0) return std::nullopt;
  return Interval{runs[rank - 1], runs[n - rank]};
}

}  // namespace casim::sim

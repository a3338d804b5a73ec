#include "sim/load/rate_shapes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace casim::sim {

namespace {

constexpr double kDay = 86'400;
constexpr int kQuarters = 96;  // of an hour, in a day

class Bursts final : public Rate {
 public:
  Bursts(const BurstsShape& shape, const Random& random, std::uint64_t key)
      : shape_(shape), random_(random), key_(key) {
    assert(shape.over > 0);
    assert(shape.jitter + shape.over <= shape.every);
  }

  RatePiece piece_at(double t) const override {
    if (t < shape_.at) return {0, shape_.at, 0, 0};
    const double number = std::floor((t - shape_.at) / shape_.every);
    const double slot = shape_.at + number * shape_.every;
    const double begin = slot + shape_.jitter * random_.uniform("load.burst", key_,
                                                                static_cast<std::uint64_t>(number));
    const double end = begin + shape_.over;
    const double next = shape_.at + (number + 1) * shape_.every;
    const double rate = shape_.size / shape_.over;
    if (t < begin) return {slot, begin, 0, 0};
    if (t < end) return {begin, end, rate, rate};
    return {end, std::max(next, std::nextafter(t, next + 1)), 0, 0};
  }

 private:
  BurstsShape shape_;
  Random random_;
  std::uint64_t key_;
};

class Cycle final : public Rate {
 public:
  explicit Cycle(CycleShape shape)
      : shape_(std::move(shape)),
        start_(to_seconds(shape_.start.time_since_epoch())),
        step_(kDay / static_cast<double>(shape_.day.size())) {
    assert(shape_.weekdays.size() == 7);
  }

  RatePiece piece_at(double t) const override {
    const double wall = start_ + t;
    const double day = std::floor(wall / kDay);
    auto step = static_cast<std::size_t>((wall - day * kDay) / step_);
    step = std::min(step, shape_.day.size() - 1);
    // 1970 began on a Thursday.
    const auto weekday = static_cast<std::int64_t>(day) + 3;
    const double top =
        shape_.peak * shape_.weekdays[static_cast<std::size_t>((weekday % 7 + 7) % 7)];
    const double begin = day * kDay + static_cast<double>(step) * step_ - start_;
    RatePiece piece{begin, begin + step_, top * shape_.day[step],
                    top * shape_.day[(step + 1) % shape_.day.size()]};
    // An edge may round to the wrong side of t.
    if (piece.end <= t) piece.end = std::nextafter(t, t + 1);
    return piece;
  }

 private:
  CycleShape shape_;
  double start_;
  double step_;
};

// Its history is drawn as far as it was asked for, and kept.
class Modulated final : public Rate {
 public:
  Modulated(std::vector<ModulatedState> states, const Random& random, std::uint64_t key)
      : states_(std::move(states)), random_(random), key_(key) {
    assert(states_.size() >= 2);
    ends_.push_back(stay(0));
    visits_.push_back(0);
  }

  RatePiece piece_at(double t) const override {
    while (ends_.back() <= t) {
      const std::size_t next = follower(visits_.back());
      visits_.push_back(next);
      ends_.push_back(ends_.back() + stay(next));
    }
    const auto visit = static_cast<std::size_t>(std::ranges::upper_bound(ends_, t) - ends_.begin());
    const double rate = states_[visits_[visit]].rate;
    return {visit == 0 ? 0 : ends_[visit - 1], ends_[visit], rate, rate};
  }

 private:
  // Of the visit that is added now.
  double stay(std::size_t state) const {
    const double u = random_.uniform("load.stay", key_, ends_.size());
    return std::max(1.0, to_seconds(states_[state].stay.duration(u)));
  }

  std::size_t follower(std::size_t state) const {
    const double u = random_.uniform("load.state", key_, ends_.size());
    const std::vector<double>& weights = states_[state].next;
    const auto weight = [&](std::size_t i) {
      if (!weights.empty()) return weights[i];
      return i == state ? 0.0 : 1.0;
    };
    double total = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) total += weight(i);
    double left = u * total;
    std::size_t last = state;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (weight(i) == 0) continue;
      last = i;
      if (left < weight(i)) break;
      left -= weight(i);
    }
    return last;
  }

  std::vector<ModulatedState> states_;
  Random random_;
  std::uint64_t key_;
  mutable std::vector<double> ends_;         // of visits, rising
  mutable std::vector<std::size_t> visits_;  // their states
};

}  // namespace

RatePtr ramp(double at, double over, double from, double to) {
  return straight_lines({{at, from}, {at + over, to}});
}

RatePtr bursts(const BurstsShape& shape, const Random& random, std::uint64_t key) {
  return std::make_shared<Bursts>(shape, random, key);
}

std::vector<double> cosine_day(double trough, double peak_at) {
  std::vector<double> day;
  for (int i = 0; i < kQuarters; ++i) {
    // In long double, whose code does not hang on the processor.
    const long double from_peak = (i * (kDay / kQuarters) - peak_at) / kDay;
    const long double wave = std::cos(2 * std::numbers::pi_v<long double> * from_peak);
    day.push_back(trough + (1 - trough) * static_cast<double>((1 + wave) / 2));
  }
  return day;
}

RatePtr cycle(CycleShape shape) { return std::make_shared<Cycle>(std::move(shape)); }

RatePtr modulated(std::vector<ModulatedState> states, const Random& random, std::uint64_t key) {
  return std::make_shared<Modulated>(std::move(states), random, key);
}

}  // namespace casim::sim

// How many pods per second arrive, over time. Every rate is made of straight pieces, so that its
// integral and its bounds are exact; all else is made of rates: sums, scaled ones, windows. Time is
// in seconds from the start of the run, and never negative.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "src/core/time.h"

namespace casim::sim {

// The rate between two instants, straight. end may be infinite where it is constant.
struct RatePiece {
  double begin = 0;
  double end = 0;
  double at_begin = 0;  // pods per second
  double at_end = 0;

  double at(double t) const;

  double mean() const { return (at_begin + at_end) / 2; }
};

class Rate {
 public:
  virtual ~Rate() = default;

  // A piece that holds t: begin <= t < end. Asked again it is the same.
  virtual RatePiece piece_at(double t) const = 0;
};

using RatePtr = std::shared_ptr<const Rate>;

// Before its first point as there, after its last as there. Requires: at least one point, times
// that rise (equal ones make a step).
RatePtr straight_lines(std::vector<std::pair<double, double>> points);  // time, pods per second
RatePtr constant_rate(double per_second);

RatePtr sum(std::vector<RatePtr> rates);  // of none: zero
RatePtr scaled(RatePtr rate, double factor);
RatePtr window(RatePtr rate, double from, double to);  // zero outside

struct RateBounds {
  double least = 0;
  double greatest = 0;
};

// Over [begin, end]. Requires: begin < end.
RateBounds bounds(const Rate& rate, double begin, double end);
// Pods that are expected in [begin, end].
double integral(const Rate& rate, double begin, double end);

}  // namespace casim::sim

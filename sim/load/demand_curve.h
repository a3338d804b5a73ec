// A load over time, as a list of changes: steps, and ramps from the value before. Nothing before
// the first; the last value stays.
#pragma once

#include <vector>

#include "src/core/time.h"

namespace casim::sim {

// From `at` on the load moves to `value`, over a time.
struct DemandChange {
  Duration at{};
  double value = 0;
  Duration over{};
};

class DemandCurve {
 public:
  // Requires: changes in order, each over before the next begins.
  explicit DemandCurve(std::vector<DemandChange> changes);

  double at(TimePoint t) const;
  // Load times seconds. Requires: from <= to.
  double between(TimePoint from, TimePoint to) const;
  // The first instant after `t` at which it is at most `low` or more than `high`; never:
  // kTimeNever.
  TimePoint leaves(TimePoint t, double low, double high) const;

 private:
  struct Piece {  // linear, to the next one
    TimePoint begin{};
    double value = 0;  // at its begin
    double per_second = 0;
    double total = 0;  // of all pieces before
  };

  const Piece* piece_at(TimePoint t) const;  // null: before the first
  double until(TimePoint t) const;           // load times seconds from the start

  std::vector<Piece> pieces_;
};

}  // namespace casim::sim

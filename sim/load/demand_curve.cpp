#include "sim/load/demand_curve.h"

#include <algorithm>
#include <cassert>

namespace casim::sim {

DemandCurve::DemandCurve(std::vector<DemandChange> changes) {
  double value = 0;
  const auto add = [this](TimePoint begin, double from, double per_second) {
    const double total = pieces_.empty() ? 0 : until(begin);
    pieces_.push_back({begin, from, per_second, total});
  };
  for (const DemandChange& change : changes) {
    const TimePoint begin = kTimeZero + change.at;
    assert(pieces_.empty() || pieces_.back().begin <= begin);
    if (change.over > Duration{}) {
      add(begin, value, (change.value - value) / to_seconds(change.over));
    }
    value = change.value;
    add(begin + change.over, value, 0);
  }
}

const DemandCurve::Piece* DemandCurve::piece_at(TimePoint t) const {
  const auto after = std::ranges::upper_bound(pieces_, t, {}, &Piece::begin);
  return after == pieces_.begin() ? nullptr : &*std::prev(after);
}

double DemandCurve::at(TimePoint t) const {
  const Piece* piece = piece_at(t);
  return piece == nullptr ? 0 : piece->value + piece->per_second * to_seconds(t - piece->begin);
}

double DemandCurve::until(TimePoint t) const {
  const Piece* piece = piece_at(t);
  if (piece == nullptr) return 0;
  const double seconds = to_seconds(t - piece->begin);
  return piece->total + seconds * (piece->value + piece->per_second * seconds / 2);
}

double DemandCurve::between(TimePoint from, TimePoint to) const {
  assert(from <= to);
  return until(to) - until(from);
}

}  // namespace casim::sim

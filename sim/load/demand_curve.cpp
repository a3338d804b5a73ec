#include "sim/load/demand_curve.h"

#include <algorithm>
#include <cassert>
#include <cmath>

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

TimePoint DemandCurve::leaves(TimePoint t, double low, double high) const {
  const auto is_out = [&](TimePoint at) {
    const double value = this->at(at);
    return value <= low || value > high;
  };
  auto piece = std::ranges::upper_bound(pieces_, t, {}, &Piece::begin);
  if (piece != pieces_.begin()) --piece;
  for (; piece != pieces_.end(); ++piece) {
    const TimePoint first = std::max(piece->begin, t + Duration(1));
    const TimePoint end = std::next(piece) == pieces_.end() ? kTimeNever : std::next(piece)->begin;
    if (first >= end) continue;
    if (is_out(first)) return first;
    if (piece->per_second == 0) continue;
    const double bound = piece->per_second > 0 ? high : low;
    const double nanoseconds = (bound - piece->value) / piece->per_second * 1e9;
    if (!(nanoseconds < static_cast<double>((end - piece->begin).count()))) continue;
    // The bound itself may lie within, and doubles round: it is left soon after.
    TimePoint at = std::max(first, piece->begin + Duration(std::llround(nanoseconds)));
    while (at < end && !is_out(at)) at += std::chrono::microseconds(1);
    if (at < end) return at;
  }
  return kTimeNever;
}

}  // namespace casim::sim

#include "sim/load/rate.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace casim::sim {

namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

// The part of a piece between two instants within it.
RatePiece cut(const RatePiece& piece, double begin, double end) {
  return {begin, end, piece.at(begin), piece.at(end)};
}

class StraightLines final : public Rate {
 public:
  explicit StraightLines(std::vector<std::pair<double, double>> points)
      : points_(std::move(points)) {
    assert(!points_.empty());
  }

  RatePiece piece_at(double t) const override {
    const auto after = std::ranges::upper_bound(points_, t, {}, &std::pair<double, double>::first);
    if (after == points_.begin()) return {0, after->first, after->second, after->second};
    const auto& [from, low] = *(after - 1);
    if (after == points_.end()) return {from, kUnbounded, low, low};
    return {from, after->first, low, after->second};
  }

 private:
  std::vector<std::pair<double, double>> points_;
};

class Sum final : public Rate {
 public:
  explicit Sum(std::vector<RatePtr> rates) : rates_(std::move(rates)) {}

  RatePiece piece_at(double t) const override {
    double begin = 0;
    double end = kUnbounded;
    pieces_.clear();
    for (const RatePtr& rate : rates_) {
      pieces_.push_back(rate->piece_at(t));
      begin = std::max(begin, pieces_.back().begin);
      end = std::min(end, pieces_.back().end);
    }
    RatePiece sum{begin, end, 0, 0};
    for (const RatePiece& piece : pieces_) {
      const RatePiece part = cut(piece, begin, end);
      sum.at_begin += part.at_begin;
      sum.at_end += part.at_end;
    }
    return sum;
  }

 private:
  std::vector<RatePtr> rates_;
  mutable std::vector<RatePiece> pieces_;  // of the last call: its memory is used again
};

class Scaled final : public Rate {
 public:
  Scaled(RatePtr rate, double factor) : rate_(std::move(rate)), factor_(factor) {}

  RatePiece piece_at(double t) const override {
    RatePiece piece = rate_->piece_at(t);
    piece.at_begin *= factor_;
    piece.at_end *= factor_;
    return piece;
  }

 private:
  RatePtr rate_;
  double factor_;
};

class Window final : public Rate {
 public:
  Window(RatePtr rate, double from, double to) : rate_(std::move(rate)), from_(from), to_(to) {}

  RatePiece piece_at(double t) const override {
    if (t < from_) return {0, from_, 0, 0};
    if (t >= to_) return {to_, kUnbounded, 0, 0};
    const RatePiece piece = rate_->piece_at(t);
    return cut(piece, std::max(from_, piece.begin), std::min(to_, piece.end));
  }

 private:
  RatePtr rate_;
  double from_;
  double to_;
};

}  // namespace

double RatePiece::at(double t) const {
  if (t <= begin || at_begin == at_end) return at_begin;  // also where the end is infinite
  if (t >= end) return at_end;
  return at_begin + (at_end - at_begin) * ((t - begin) / (end - begin));
}

RatePtr straight_lines(std::vector<std::pair<double, double>> points) {
  return std::make_shared<StraightLines>(std::move(points));
}

RatePtr constant_rate(double per_second) { return straight_lines({{0, per_second}}); }

RatePtr sum(std::vector<RatePtr> rates) {
  if (rates.size() == 1) return std::move(rates.front());
  return std::make_shared<Sum>(std::move(rates));
}

RatePtr scaled(RatePtr rate, double factor) {
  return factor == 1 ? std::move(rate) : std::make_shared<Scaled>(std::move(rate), factor);
}

RatePtr window(RatePtr rate, double from, double to) {
  return std::make_shared<Window>(std::move(rate), from, to);
}

RateBounds bounds(const Rate& rate, double begin, double end) {
  assert(begin < end);
  RateBounds bounds{kUnbounded, 0};
  for (double t = begin; t < end;) {
    const RatePiece piece = rate.piece_at(t);
    for (const double edge : {piece.at(t), piece.at(std::min(end, piece.end))}) {
      bounds.least = std::min(bounds.least, edge);
      bounds.greatest = std::max(bounds.greatest, edge);
    }
    t = piece.end;
  }
  return bounds;
}

double integral(const Rate& rate, double begin, double end) {
  double pods = 0;
  for (double t = begin; t < end;) {
    const RatePiece piece = rate.piece_at(t);
    const double to = std::min(end, piece.end);
    if (const double mean = cut(piece, t, to).mean(); mean > 0) pods += mean * (to - t);
    t = piece.end;
  }
  return pods;
}

}  // namespace casim::sim

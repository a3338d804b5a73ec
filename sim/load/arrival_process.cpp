#include "sim/load/arrival_process.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "src/core/distribution.h"
#include "src/core/round.h"

namespace casim::sim {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

Duration in_microseconds(double seconds) {
  return std::chrono::microseconds(round_to<std::int64_t>(seconds * 1e6));
}

// The plane of time and rate is cut into bands, [0, 2^-20) pods per second and from there on each
// twice as high as the one below, and each band into cells in which 8 points are expected. A cell
// draws its points by its own key, whatever the rate is, and a cell above the rate draws none. A
// cell holds at most 64 points (the 65th would have a chance of 1e-35).
class PoissonArrivals final : public ArrivalStream {
 public:
  PoissonArrivals(RatePtr rate, double end, const Random& random, std::uint64_t key)
      : rate_(std::move(rate)), end_(end), random_(random), key_(key) {
    const double top = end > 0 ? bounds(*rate_, 0, end).greatest : 0;
    for (std::uint64_t number = 0; number < kBands; ++number) {
      Band band;
      band.number = number;
      band.height = std::ldexp(1, static_cast<int>(number == 0 ? 0 : number - 1) - 20);
      band.floor = number == 0 ? 0 : band.height;
      band.length = kPointsPerCell / band.height;
      if (band.floor >= top) break;
      bands_.push_back(band);
      open_cell(bands_.back());
      advance(bands_.back());
    }
  }

  std::optional<Arriving> next() override {
    const auto first = std::ranges::min_element(bands_, {}, &Band::at);
    if (first == bands_.end() || first->at == kNever) return std::nullopt;
    const Arriving arriving{in_microseconds(first->at),
                            (first->cell * kMostPerCell + first->n - 1) * kBands + first->number};
    advance(*first);
    return arriving;
  }

 private:
  static constexpr std::uint64_t kBands = 64;
  static constexpr std::uint64_t kMostPerCell = 64;
  static constexpr double kPointsPerCell = 8;

  struct Band {
    std::uint64_t number = 0;
    double floor = 0;
    double height = 0;
    double length = 0;       // of a cell, in seconds; a power of two, so that edges are exact
    std::uint64_t cell = 0;  // that is being drawn
    std::uint64_t cell_key = 0;
    double sure = 0;      // what is below the rate all over the cell
    std::uint64_t n = 0;  // points of the cell that were drawn
    double drawn = 0;     // time of the last of them
    double at = kNever;   // the band's next arrival
  };

  double begin_of(const Band& band) const { return static_cast<double>(band.cell) * band.length; }

  bool is_below_floor(const Band& band, double cells) const {
    const double begin = begin_of(band);
    const double end = std::min(end_, begin + cells * band.length);
    return bounds(*rate_, begin, end).greatest <= band.floor;
  }

  // Moves on to the first cell from this one on that the rate reaches.
  void open_cell(Band& band) {
    std::uint64_t leap = 1;
    while (begin_of(band) < end_ && is_below_floor(band, static_cast<double>(leap))) {
      band.cell += leap;
      leap *= 2;
      while (leap > 1 && begin_of(band) < end_ &&
             !is_below_floor(band, static_cast<double>(leap))) {
        leap /= 2;
      }
    }
    const double begin = begin_of(band);
    band.n = 0;
    band.drawn = begin;
    if (begin >= end_) return;
    band.sure = bounds(*rate_, begin, std::min(end_, begin + band.length)).least;
    band.cell_key = hash_combine(key_, band.cell * kBands + band.number);
  }

  // To the band's next point below the rate.
  void advance(Band& band) {
    for (;;) {
      if (band.drawn >= end_) break;
      const std::uint64_t n = band.n++;
      band.drawn += gap_.quantile(random_.uniform("load.gap", band.cell_key, n)) / band.height;
      if (n == kMostPerCell || band.drawn >= begin_of(band) + band.length) {
        ++band.cell;
        open_cell(band);
        continue;
      }
      if (band.drawn >= end_) break;
      const double level =
          band.floor + band.height * random_.uniform("load.level", band.cell_key, n);
      if (level < band.sure || level < rate_->piece_at(band.drawn).at(band.drawn)) {
        band.at = band.drawn;
        return;
      }
    }
    band.at = kNever;
  }

  RatePtr rate_;
  Distribution gap_{Exponential{1}};  // times the height of a band
  double end_;
  Random random_;
  std::uint64_t key_;
  std::vector<Band> bands_;
};

class RegularArrivals final : public ArrivalStream {
 public:
  RegularArrivals(RatePtr rate, double end) : rate_(std::move(rate)), end_(end) { take_piece(0); }

  std::optional<Arriving> next() override {
    const auto n = static_cast<double>(next_);
    while (n >= until_) {
      if (piece_.end >= end_) return std::nullopt;
      before_ = until_;
      take_piece(piece_.end);
    }
    const double pods = n - before_;
    const double root = std::sqrt(piece_.at_begin * piece_.at_begin + 2 * slope() * pods);
    const double after = pods <= 0 ? 0 : 2 * pods / (piece_.at_begin + root);
    const double at = std::clamp(piece_.begin + after, piece_.begin, piece_.end);
    return Arriving{in_microseconds(at), next_++};
  }

 private:
  double slope() const { return (piece_.at_end - piece_.at_begin) / (piece_.end - piece_.begin); }

  // The piece from there on, and the integral up to its end. What is a whole number but for
  // rounding is taken for one, so that no pod of a burst slips into the next.
  void take_piece(double begin) {
    if (begin >= end_) {
      piece_ = {begin, begin, 0, 0};
      until_ = before_;
      return;
    }
    const RatePiece whole = rate_->piece_at(begin);
    const double end = std::min(end_, whole.end);
    piece_ = {begin, end, whole.at(begin), whole.at(end)};
    until_ = before_ + piece_.mean() * (end - begin);
    const double rounded = std::floor(until_ + 0.5);
    if (std::abs(until_ - rounded) <= 1e-9 * std::max(1.0, rounded)) until_ = rounded;
  }

  RatePtr rate_;
  double end_;
  RatePiece piece_;
  double before_ = 0;  // integral up to the begin of the piece
  double until_ = 0;   // and up to its end
  std::uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<ArrivalStream> poisson_arrivals(RatePtr rate, double end, const Random& random,
                                                std::uint64_t key) {
  return std::make_unique<PoissonArrivals>(std::move(rate), end, random, key);
}

std::unique_ptr<ArrivalStream> regular_arrivals(RatePtr rate, double end) {
  return std::make_unique<RegularArrivals>(std::move(rate), end);
}

}  // namespace casim::sim

#include "sim/controllers/rounds.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

TimePoint grid_at_or_after(TimePoint start, Duration period, TimePoint t) {
  if (t <= start) return start;
  return start + (t - start + period - Duration(1)) / period * period;
}

Rounds::Rounds(Kernel& kernel, TimePoint start, Duration period, Round round)
    : kernel_(kernel), start_(start), period_(period), round_(std::move(round)) {}

Rounds::~Rounds() {
  if (is_armed_) kernel_.cancel(next_);
}

void Rounds::wake() {
  if (is_armed_) return;
  TimePoint when = at_or_after(kernel_.now());
  if (when == last_) when += period_;
  is_armed_ = true;
  next_ = kernel_.at(when, Phase::kWorld, [this] { run(); });
}

void Rounds::run() {
  is_armed_ = false;
  last_ = kernel_.now();
  if (round_()) wake();
}

}  // namespace casim::sim

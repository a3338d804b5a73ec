// A controller's periodic rounds, run only while it has something to do: the others would change
// nothing. They fall on start, start + period, ...
#pragma once

#include <functional>

#include "sim/kernel/kernel.h"

namespace casim::sim {

// The first of start, start + period, ... that is not before `t`.
TimePoint grid_at_or_after(TimePoint start, Duration period, TimePoint t);

class Rounds {
 public:
  // Answers whether the next round is needed too.
  using Round = std::function<bool()>;

  // The start may lie before the run. The kernel outlives this.
  Rounds(Kernel& kernel, TimePoint start, Duration period, Round round);
  ~Rounds();
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;

  // The next round takes place. One that is due at this very instant does, unless it already has.
  void wake();

  TimePoint at_or_after(TimePoint t) const { return grid_at_or_after(start_, period_, t); }

  TimePoint start() const { return start_; }

  Duration period() const { return period_; }

 private:
  void run();

  Kernel& kernel_;
  TimePoint start_;
  Duration period_;
  Round round_;
  EventHandle next_;
  bool is_armed_ = false;
  TimePoint last_ = TimePoint::min();
};

}  // namespace casim::sim

// Clock on the machine's own clocks: what production runs on, and what paces a live simulation.
#pragma once

#include <chrono>

#include "src/core/clock.h"

namespace casim {

// now() counts from construction and never goes back; wall_now() is the calendar and follows its
// corrections. Handlers run on `executor`, which outlives the clock's waits; the clock itself may
// go before them. Times beyond the machine's range are never.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(asio::any_io_executor executor);

  TimePoint now() const override;
  WallTime wall_now() const override;
  void arm(TimePoint when, Handler handler) override;

 private:
  asio::any_io_executor executor_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace casim

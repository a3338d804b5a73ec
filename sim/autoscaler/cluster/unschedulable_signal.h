// The channel of capacity 1 through which newly unschedulable pods start a loop early
// (autoscaler-algorithm.md 1.1). Any number of raises before the next wait are one.
#pragma once

#include <memory>

#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim::sim {

// Upstream's unschedulablePodChan.
class UnschedulableSignal {
 public:
  explicit UnschedulableSignal(asio::any_io_executor executor);
  ~UnschedulableSignal();

  // Wakes the waiter, or waits for one.
  void raise();
  // Empties the channel; true if there was a signal.
  bool take();

  // Until a signal, which it takes (true), or until `when` (false). One waiter at a time.
  Awaitable<bool> wait_until(Clock& clock, TimePoint when);

 private:
  struct Wait;
  asio::any_io_executor executor_;
  std::shared_ptr<Wait> waiting_;
  bool raised_ = false;
};

}  // namespace casim::sim

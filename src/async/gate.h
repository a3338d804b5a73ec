// A door that coroutines wait at until somebody opens it; it stays open. A waiter that is cancelled
// leaves at once with operation_aborted. Wake-ups run in order of waiting, when the executor is
// polled next, never inline.
#pragma once

#include <memory>

#include "src/core/asio.h"

namespace casim {

// Copies are the same gate.
class Gate {
 public:
  explicit Gate(asio::any_io_executor executor);

  Awaitable<void> wait() const;
  void open();

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the cancellation slots of those who wait
};

}  // namespace casim

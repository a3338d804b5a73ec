// The only way to read time or to wait. Production arms a timer of the operating system, the
// simulator an event in its queue. Not thread-safe: one executor, one thread at a time.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/system/error_code.hpp>

#include "src/core/asio.h"
#include "src/core/time.h"

namespace casim {

class Clock {
 public:
  using Handler = asio::any_completion_handler<void(boost::system::error_code)>;

  virtual ~Clock() = default;

  virtual TimePoint now() const = 0;      // monotonic: for measuring and waiting
  virtual WallTime wall_now() const = 0;  // calendar: signatures, logs, object times

  // Calls the handler at `when` (at once, but never inline, if that has passed) with success, or
  // with operation_aborted as soon as the handler's cancellation slot says so.
  virtual void arm(TimePoint when, Handler handler) = 0;

  // Throws boost::system::system_error(operation_aborted) when the waiting task is cancelled.
  Awaitable<void> sleep_until(TimePoint when);
  Awaitable<void> sleep_for(Duration d);
};

}  // namespace casim

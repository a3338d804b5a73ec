#include "src/core/clock.h"

#include <utility>

#include <boost/asio/use_awaitable.hpp>

namespace casim {

// No coroutine of its own around the wait: that would cost a second frame for each sleep.
Awaitable<void> Clock::sleep_until(TimePoint when) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      [this, when](auto handler) { arm(when, Handler(std::move(handler))); }, asio::use_awaitable);
}

Awaitable<void> Clock::sleep_for(Duration d) {
  const TimePoint from = now();
  return sleep_until(d < kTimeNever - from ? from + d : kTimeNever);
}

}  // namespace casim

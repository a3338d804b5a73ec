#include "src/live/system_clock.h"

#include <memory>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>

namespace casim {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

SystemClock::SystemClock(asio::any_io_executor executor)
    : executor_(std::move(executor)), start_(Steady::now()) {}

TimePoint SystemClock::now() const { return kTimeZero + (Steady::now() - start_); }

WallTime SystemClock::wall_now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

void SystemClock::arm(TimePoint when, Handler handler) {
  const Duration wait = when - kTimeZero;
  const bool is_never = wait > Steady::time_point::max() - start_;
  auto timer = std::make_shared<asio::steady_timer>(
      executor_, is_never ? Steady::time_point::max() : start_ + wait);
  const asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
  timer->async_wait(asio::bind_cancellation_slot(
      slot, [timer, handler = std::move(handler)](boost::system::error_code error) mutable {
        std::move(handler)(error);
      }));
}

}  // namespace casim

// Real time for tests of the live server; production has its own.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>

#include "src/core/clock.h"

namespace casim {

class TestClock final : public Clock {
 public:
  explicit TestClock(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  TimePoint now() const override { return kTimeZero + (Timer::clock_type::now() - start_); }

  WallTime wall_now() const override { return WallTime(now().time_since_epoch()); }

  void arm(TimePoint when, Handler handler) override {
    auto timer = std::make_shared<Timer>(executor_);
    timer->expires_at(when == kTimeNever ? Timer::time_point::max()
                                         : start_ + when.time_since_epoch());
    const asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
    timer->async_wait(asio::bind_cancellation_slot(
        slot, [timer, handler = std::move(handler)](boost::system::error_code error) mutable {
          std::move(handler)(error);
        }));
  }

 private:
  using Timer = asio::steady_timer;

  asio::any_io_executor executor_;
  Timer::time_point start_ = Timer::clock_type::now();
};

}  // namespace casim

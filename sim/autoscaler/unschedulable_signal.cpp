#include "sim/autoscaler/unschedulable_signal.h"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <utility>

namespace casim::sim {

// One wait for either of two things. The first ends it; the loser finds `handler` empty.
struct UnschedulableSignal::Wait {
  using Handler = asio::any_completion_handler<void(boost::system::error_code, bool)>;

  Handler handler;
  asio::cancellation_signal timer;

  void finish(const asio::any_io_executor& executor, boost::system::error_code ec, bool raised) {
    if (!handler) return;
    asio::post(executor, [h = std::exchange(handler, nullptr), ec, raised]() mutable {
      std::move(h)(ec, raised);
    });
  }
};

namespace {

// The timer's end of a wait, with the slot through which the signal's end cancels it.
template <class Wait>
struct TimerEnd {
  using cancellation_slot_type = asio::cancellation_slot;

  std::shared_ptr<Wait> wait;
  std::shared_ptr<Wait>* waiting;
  asio::any_io_executor executor;

  cancellation_slot_type get_cancellation_slot() const noexcept { return wait->timer.slot(); }

  void operator()(boost::system::error_code ec) {
    if (ec) return;
    if (*waiting == wait) waiting->reset();
    wait->finish(executor, {}, false);
  }
};

}  // namespace

UnschedulableSignal::UnschedulableSignal(asio::any_io_executor executor)
    : executor_(std::move(executor)) {}

UnschedulableSignal::~UnschedulableSignal() { assert(waiting_ == nullptr); }

void UnschedulableSignal::raise() {
  if (waiting_ == nullptr) {
    raised_ = true;
    return;
  }
  const std::shared_ptr<Wait> wait = std::exchange(waiting_, nullptr);
  wait->finish(executor_, {}, true);
  wait->timer.emit(asio::cancellation_type::terminal);
}

bool UnschedulableSignal::take() { return std::exchange(raised_, false); }

Awaitable<bool> UnschedulableSignal::wait_until(Clock& clock, TimePoint when) {
  if (take()) co_return true;
  assert(waiting_ == nullptr);
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                          void(boost::system::error_code, bool)>(
      [this, &clock, when](auto handler) {
        auto wait = std::make_shared<Wait>();
        auto slot = asio::get_associated_cancellation_slot(handler);
        // Swapped in: Boost 1.81's move assignment never returns.
        Wait::Handler(std::move(handler)).swap(wait->handler);
        waiting_ = wait;
        clock.arm(when, TimerEnd<Wait>{wait, &waiting_, executor_});
        if (!slot.is_connected()) return;
        slot.assign([this, wait](asio::cancellation_type) {
          if (waiting_ == wait) waiting_.reset();
          wait->finish(executor_, asio::error::operation_aborted, false);
          wait->timer.emit(asio::cancellation_type::terminal);
        });
      },
      asio::use_awaitable);
}

}  // namespace casim::sim

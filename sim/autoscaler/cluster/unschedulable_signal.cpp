#include "sim/autoscaler/cluster/unschedulable_signal.h"

#include <boost/asio/cancellation_signal.hpp>
#include <cassert>
#include <utility>

#include "src/async/one_shot.h"

namespace casim::sim {

// One wait for either of two things, of which the first ends it.
struct UnschedulableSignal::Wait : OneShot<bool> {
  using OneShot::OneShot;

  asio::cancellation_signal timer;
};

namespace {

// The timer's end of a wait, with the slot through which the signal's end cancels it.
template <class Wait>
struct TimerEnd {
  using cancellation_slot_type = asio::cancellation_slot;

  std::shared_ptr<Wait> wait;
  std::shared_ptr<Wait>* waiting;

  cancellation_slot_type get_cancellation_slot() const noexcept { return wait->timer.slot(); }

  void operator()(boost::system::error_code ec) {
    if (ec) return;
    if (*waiting == wait) waiting->reset();
    wait->answer(false);
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
  wait->answer(true);
  wait->timer.emit(asio::cancellation_type::terminal);
}

bool UnschedulableSignal::take() { return std::exchange(raised_, false); }

Awaitable<bool> UnschedulableSignal::wait_until(Clock& clock, TimePoint when) {
  if (take()) co_return true;
  assert(waiting_ == nullptr);
  co_return co_await wait_for_answer<Wait>(
      executor_,
      [this, &clock, when](const std::shared_ptr<Wait>& wait) {
        waiting_ = wait;
        clock.arm(when, TimerEnd<Wait>{wait, &waiting_});
      },
      [this](const std::shared_ptr<Wait>& wait) {
        if (waiting_ == wait) waiting_.reset();
        wait->timer.emit(asio::cancellation_type::terminal);
      });
}

}  // namespace casim::sim

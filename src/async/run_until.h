// A task that has until a given time.
#pragma once

#include <cassert>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/async/one_shot.h"
#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim {

// What task, timer and caller share.
template <class T>
struct TimedTask {
  asio::cancellation_signal task;   // ends it
  asio::cancellation_signal timer;  // likewise
  std::shared_ptr<OneShot<>> caller;
  std::optional<T> result;
  std::exception_ptr error;
  bool is_late = false;
  bool has_ended = false;

  // Types of their own for the reason that TaskScope has one.
  struct TaskEnd {
    using cancellation_slot_type = asio::cancellation_slot;

    std::shared_ptr<TimedTask> of;

    cancellation_slot_type get_cancellation_slot() const noexcept { return of->task.slot(); }

    void operator()(std::exception_ptr why, T value) const {
      of->has_ended = true;
      of->error = std::move(why);
      if (!of->error) of->result = std::move(value);
      of->timer.emit(asio::cancellation_type::terminal);
      of->caller->answer();
    }
  };

  struct TimerEnd {
    using cancellation_slot_type = asio::cancellation_slot;

    std::shared_ptr<TimedTask> of;

    cancellation_slot_type get_cancellation_slot() const noexcept { return of->timer.slot(); }

    void operator()(boost::system::error_code ec) const {
      if (ec || of->has_ended) return;
      of->is_late = true;
      of->task.emit(asio::cancellation_type::terminal);
    }
  };
};

// Runs the task, which begins at once, and ends with what it gives, or with nothing when the
// deadline came first: then it was cancelled, and what it throws is its answer to that. Else what
// it throws leaves the call. It never outlives the call, whose own cancellation it sees too, so it
// may refer to whatever outlives the caller's co_await. Where Asio's operator|| spawns two tasks
// and throws to end the second, this spawns one and throws nothing. The clock outlives it.
template <class T>
Awaitable<std::optional<T>> run_until(Clock& clock, TimePoint deadline, Awaitable<T> task) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto run = std::make_shared<TimedTask<T>>();
  std::exception_ptr cancelled;
  const auto begin = [&](const std::shared_ptr<OneShot<>>& caller) {
    run->caller = caller;
    asio::co_spawn(executor, std::move(task), typename TimedTask<T>::TaskEnd{run});
    if (!run->has_ended) clock.arm(deadline, typename TimedTask<T>::TimerEnd{run});
  };
  const auto leave = [&](const std::shared_ptr<OneShot<>>&) {
    run->timer.emit(asio::cancellation_type::terminal);
    run->task.emit(asio::cancellation_type::terminal);
  };
  try {
    co_await wait_for_answer<OneShot<>>(executor, begin, leave);
  } catch (...) {
    cancelled = std::current_exception();
  }
  // A cancelled task unwinds when it is polled next, and a cancelled caller waits for that.
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!run->has_ended) co_await asio::post(executor, asio::use_awaitable);
  co_await asio::this_coro::throw_if_cancelled(true);
  if (cancelled) std::rethrow_exception(run->error ? run->error : cancelled);
  if (run->is_late) co_return std::nullopt;
  if (run->error) std::rethrow_exception(run->error);
  assert(run->result);
  co_return std::move(run->result);
}

}  // namespace casim

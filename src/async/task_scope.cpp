#include "src/async/task_scope.h"

#include <cassert>
#include <exception>
#include <iterator>
#include <list>
#include <utility>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

namespace casim {
namespace {

// One for each live task, in order of spawning.
using Signals = std::list<asio::cancellation_signal>;

bool is_abort(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (const asio::multiple_exceptions& e) {
    return is_abort(e.first_exception());  // of a parallel group; Asio keeps no more than the first
  } catch (...) {
    return false;
  }
}

// The end of a task that belongs to nobody.
struct Rethrow {
  void operator()(const std::exception_ptr& error) const {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace

struct TaskScope::State {
  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}

  // What co_spawn calls at a task's end. A type of its own rather than bind_cancellation_slot,
  // whose binder makes Asio post the signal by a raw pointer: the task could end, and its signal
  // with it, before the post runs.
  struct Completion {
    using cancellation_slot_type = asio::cancellation_slot;

    std::shared_ptr<State> state;
    Signals::iterator signal;

    cancellation_slot_type get_cancellation_slot() const noexcept { return signal->slot(); }

    void operator()(const std::exception_ptr& error) const {
      state->signals.erase(signal);
      if (!error || (state->cancelled && is_abort(error))) return;
      std::rethrow_exception(error);
    }
  };

  asio::any_io_executor executor;
  Signals signals;
  bool cancelled = false;
};

TaskScope::TaskScope(asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::move(executor))) {}

TaskScope::~TaskScope() {
  // While an exception flies the owner cannot poll; do not hide it behind an abort.
  assert(empty() || std::uncaught_exceptions() > 0);
}

void TaskScope::spawn(Awaitable<void> task) {
  if (state_->cancelled) return;
  state_->signals.emplace_back();
  State::Completion end{state_, std::prev(state_->signals.end())};
  // co_spawn starts a task inline when the executor is already running; the post prevents that.
  asio::post(state_->executor, [end = std::move(end), task = std::move(task)]() mutable {
    const std::shared_ptr<State> state = end.state;
    if (state->cancelled) {
      state->signals.erase(end.signal);
      return;
    }
    asio::co_spawn(state->executor, std::move(task), std::move(end));
  });
}

void TaskScope::cancel() {
  state_->cancelled = true;
  for (auto signal = state_->signals.begin(); signal != state_->signals.end();) {
    const auto current = signal++;
    current->emit(asio::cancellation_type::terminal);
  }
}

bool TaskScope::empty() const { return state_->signals.empty(); }

asio::any_io_executor TaskScope::executor() const { return state_->executor; }

void spawn(asio::any_io_executor executor, Awaitable<void> task) {
  asio::post(executor, [executor, task = std::move(task)]() mutable {
    asio::co_spawn(executor, std::move(task), Rethrow{});
  });
}

}  // namespace casim

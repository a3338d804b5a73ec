#include "src/async/gate.h"

#include <list>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/core/clock.h"

namespace casim::provider {

struct Gate::State {
  using Handlers = std::list<Clock::Handler>;

  // Stands in a waiter's cancellation slot. Weak: a slot may outlive the gate.
  struct Leave {
    std::weak_ptr<State> state;
    Handlers::iterator place;

    void operator()(asio::cancellation_type_t) {
      const std::shared_ptr<State> alive = state.lock();
      if (!alive) return;
      state.reset();
      Clock::Handler handler = std::move(*place);
      alive->waiting.erase(place);
      alive->finish(std::move(handler), asio::error::operation_aborted);
    }
  };

  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}

  void finish(Clock::Handler handler, boost::system::error_code error) {
    asio::post(executor,
               [handler = std::move(handler), error]() mutable { std::move(handler)(error); });
  }

  asio::any_io_executor executor;
  Handlers waiting;
  bool is_open = false;
};

Gate::Gate(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Awaitable<void> Gate::wait() const {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      [state = state_](auto completion) {
        Clock::Handler handler(std::move(completion));
        if (state->is_open) {
          state->finish(std::move(handler), {});
          return;
        }
        asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
        state->waiting.push_back(std::move(handler));
        if (slot.is_connected()) slot.emplace<State::Leave>(state, std::prev(state->waiting.end()));
      },
      asio::use_awaitable);
}

void Gate::open() {
  if (state_->is_open) return;
  state_->is_open = true;
  State::Handlers waiting = std::exchange(state_->waiting, {});
  for (Clock::Handler& handler : waiting) {
    // Nobody may leave any more: the place in the list is gone.
    asio::get_associated_cancellation_slot(handler).clear();
    state_->finish(std::move(handler), {});
  }
}

bool Gate::is_open() const { return state_->is_open; }

}  // namespace casim::provider

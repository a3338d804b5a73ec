#include "src/async/gate.h"

#include <list>
#include <utility>

#include "src/async/one_shot.h"

namespace casim {
namespace {

using Waiter = std::shared_ptr<OneShot<>>;

}  // namespace

struct Gate::State {
  explicit State(asio::any_io_executor e) : executor(std::move(e)) {}

  asio::any_io_executor executor;
  std::list<Waiter> waiting;  // in order of waiting
  bool is_open = false;
};

Gate::Gate(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Awaitable<void> Gate::wait() const {
  const auto begin = [state = state_](const Waiter& waiter) {
    if (state->is_open) return waiter->answer();
    state->waiting.push_back(waiter);
  };
  const auto leave = [state = state_](const Waiter& waiter) { state->waiting.remove(waiter); };
  return wait_for_answer<OneShot<>>(state_->executor, begin, leave);
}

void Gate::open() {
  state_->is_open = true;
  for (const Waiter& waiter : std::exchange(state_->waiting, {})) waiter->answer();
}

}  // namespace casim

#include "src/async/semaphore.h"

namespace casim {

Awaitable<Semaphore::Permit> Semaphore::acquire() {
  if (free_ > 0) {
    --free_;
    co_return Permit(*this);
  }
  using Waiter = std::shared_ptr<OneShot<>>;
  // Who is no longer in line has been answered, and with it has a permit.
  co_await wait_for_answer<OneShot<>>(
      executor_, [this](const Waiter& waiter) { waiting_.push_back(waiter); },
      [this](const Waiter& waiter) { waiting_.remove(waiter); });
  co_return Permit(*this);
}

void Semaphore::give_back() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  const std::shared_ptr<OneShot<>> next = std::move(waiting_.front());
  waiting_.pop_front();
  next->answer();
}

}  // namespace casim

#include "src/async/fair_mutex.h"

#include "src/async/one_shot.h"

namespace casim::sim {

struct FairMutex::Waiter : OneShot<> {
  using OneShot::OneShot;
};

Awaitable<FairMutex::Guard> FairMutex::lock() {
  if (!locked_) {
    locked_ = true;
    co_return Guard(this);
  }
  using Place = std::shared_ptr<Waiter>;
  // One that is no longer among the waiters has the lock already, and its answer.
  co_await wait_for_answer<Waiter>(
      executor_, [this](const Place& waiter) { waiters_.push_back(waiter); },
      [this](const Place& waiter) { std::erase(waiters_, waiter); });
  co_return Guard(this);
}

void FairMutex::unlock() {
  if (waiters_.empty()) {
    locked_ = false;
    return;
  }
  // Handed over without opening the lock, so nobody can come in between.
  const std::shared_ptr<Waiter> next = waiters_.front();
  waiters_.erase(waiters_.begin());
  next->answer();
}

}  // namespace casim::sim

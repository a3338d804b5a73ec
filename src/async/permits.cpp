#include "src/async/permits.h"

namespace casim::provider {

Awaitable<Permits::Permit> Permits::acquire() {
  if (free_ > 0) {
    --free_;
    co_return Permit(*this);
  }

  // A wait that is cancelled leaves the queue when it unwinds. Until then it may be handed a
  // permit, which it must pass on.
  struct Leave {
    Permits& permits;
    std::shared_ptr<Waiter> waiter;
    bool has_succeeded = false;

    ~Leave() {
      if (has_succeeded) return;
      if (waiter->has_permit) {
        permits.give_back();
      } else {
        permits.waiting_.remove(waiter);
      }
    }
  };

  const auto waiter = std::make_shared<Waiter>(Waiter{Gate(executor_)});
  waiting_.push_back(waiter);
  Leave leave{*this, waiter};
  co_await waiter->gate.wait();
  leave.has_succeeded = true;
  co_return Permit(*this);
}

void Permits::give_back() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  const std::shared_ptr<Waiter> next = std::move(waiting_.front());
  waiting_.pop_front();
  next->has_permit = true;
  next->gate.open();
}

}  // namespace casim::provider

#include "src/provider/permits.h"

#include <iterator>

namespace casim::provider {

Awaitable<Permits::Permit> Permits::acquire() {
  if (free_ > 0) {
    --free_;
    co_return Permit(*this);
  }
  waiting_.emplace_back(executor_);
  const auto turn = std::prev(waiting_.end());

  // Leaves the queue also when the wait is cancelled. A gate that is open has been handed a permit
  // and is out of the queue already; its wait cannot be cancelled any more.
  struct Leave {
    std::list<Gate>& waiting;
    std::list<Gate>::iterator turn;
    bool in_queue = true;

    ~Leave() {
      if (in_queue) waiting.erase(turn);
    }
  };

  Leave leave{waiting_, turn};
  const Gate gate = *turn;  // shares its state; the entry goes when the permit is handed over
  co_await gate.wait();
  leave.in_queue = false;
  co_return Permit(*this);
}

void Permits::give_back() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  Gate next = std::move(waiting_.front());
  waiting_.pop_front();
  next.open();
}

}  // namespace casim::provider

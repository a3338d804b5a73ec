#include "src/async/turn.h"

namespace casim {

// A mutex alone goes to who comes first, and a thread that takes turn after turn is back at it
// before another one has woken up. Who waits here holds the door, so that thread is behind it.
void Turn::take() {
  const std::lock_guard next(door_);
  is_awaited_.store(true, std::memory_order_relaxed);
  taken_.lock();
  is_awaited_.store(false, std::memory_order_relaxed);
  owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
}

void Turn::give() {
  owner_.store({}, std::memory_order_relaxed);
  taken_.unlock();
}

}  // namespace casim

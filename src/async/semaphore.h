// A counting semaphore for coroutines of one executor: so many at a time, first come first served.
// A permit is handed to the next in line without becoming free in between, so with one permit it
// is a fair lock, as Go's sync.Mutex is under contention.
#pragma once

#include <list>
#include <memory>
#include <utility>

#include "src/async/one_shot.h"
#include "src/core/asio.h"

namespace casim {

class Semaphore {
 public:
  // The right to go on, given back when it is destroyed. Dies before the semaphore.
  class Permit {
   public:
    explicit Permit(Semaphore& owner) : owner_(&owner) {}

    Permit(Permit&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}

    Permit& operator=(Permit&&) = delete;

    ~Permit() {
      if (owner_ != nullptr) owner_->give_back();
    }

   private:
    Semaphore* owner_;
  };

  Semaphore(asio::any_io_executor executor, int count)
      : executor_(std::move(executor)), free_(count) {}

  // Goes on at once where a permit is free. One who is cancelled while waiting leaves the line.
  Awaitable<Permit> acquire();

  bool is_free() const { return free_ > 0; }

 private:
  void give_back();

  asio::any_io_executor executor_;
  int free_;
  std::list<std::shared_ptr<OneShot<>>> waiting_;  // none while a permit is free
};

}  // namespace casim

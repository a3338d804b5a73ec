// A lock for coroutines of one executor, handed over in order of arrival: Go's sync.Mutex as the
// externalgrpc client uses it (externalgrpc.md 2.2).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "src/core/asio.h"

namespace casim::sim {

class FairMutex {
 public:
  class Guard {
   public:
    explicit Guard(FairMutex* mutex) : mutex_(mutex) {}

    Guard(Guard&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}

    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    Guard& operator=(Guard&&) = delete;

    ~Guard() {
      if (mutex_ != nullptr) mutex_->unlock();
    }

   private:
    FairMutex* mutex_;
  };

  explicit FairMutex(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  bool is_locked() const { return locked_; }

  Awaitable<Guard> lock();

 private:
  struct Waiter;

  void unlock();

  asio::any_io_executor executor_;
  std::vector<std::shared_ptr<Waiter>> waiters_;  // few; most locks never have one
  bool locked_ = false;
};

}  // namespace casim::sim

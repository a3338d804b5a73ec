// So many at a time, first come first served. A permit is given back when it is destroyed.
#pragma once

#include <list>
#include <memory>
#include <utility>

#include "src/async/gate.h"
#include "src/core/asio.h"

namespace casim::provider {

class Permits {
 public:
  class Permit {
   public:
    explicit Permit(Permits& owner) : owner_(&owner) {}

    Permit(Permit&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}

    Permit& operator=(Permit&&) = delete;

    ~Permit() {
      if (owner_ != nullptr) owner_->give_back();
    }

   private:
    Permits* owner_;
  };

  Permits(asio::any_io_executor executor, int count)
      : executor_(std::move(executor)), free_(count) {}

  Awaitable<Permit> acquire();  // the permit dies before this

 private:
  struct Waiter {
    Gate gate;
    bool has_permit = false;
  };

  void give_back();

  asio::any_io_executor executor_;
  int free_;
  std::list<std::shared_ptr<Waiter>> waiting_;  // each without a permit
};

}  // namespace casim::provider

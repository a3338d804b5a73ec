#include "sim/autoscaler/fair_mutex.h"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace casim::sim {

struct FairMutex::Waiter {
  using Handler = asio::any_completion_handler<void(boost::system::error_code)>;

  Handler handler;
};

namespace {

template <class Handler>
void finish(const asio::any_io_executor& executor, Handler handler, boost::system::error_code ec) {
  asio::post(executor, [handler = std::move(handler), ec]() mutable { std::move(handler)(ec); });
}

}  // namespace

Awaitable<FairMutex::Guard> FairMutex::lock() {
  if (!locked_) {
    locked_ = true;
    co_return Guard(this);
  }
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      [this](auto handler) {
        auto waiter = std::make_shared<Waiter>();
        auto slot = asio::get_associated_cancellation_slot(handler);
        // Swapped in: Boost 1.81's move assignment never returns.
        Waiter::Handler(std::move(handler)).swap(waiter->handler);
        waiters_.push_back(waiter);
        if (!slot.is_connected()) return;
        slot.assign([this, waiter](asio::cancellation_type) {
          if (std::erase(waiters_, waiter) == 0) return;  // has the lock already
          finish(executor_, std::move(waiter->handler), asio::error::operation_aborted);
        });
      },
      asio::use_awaitable);
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
  finish(executor_, std::move(next->handler), {});
}

}  // namespace casim::sim

// One wait of a coroutine for what comes from elsewhere: an answer, or its own cancellation. The
// first of them ends it, and what comes later does nothing. It goes on through the executor, never
// inside the call that ends it. Every other primitive here waits by it.
#pragma once

#include <memory>
#include <utility>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include "src/core/asio.h"

namespace casim {

// The end of one wait. Whoever will answer keeps it by shared pointer, for as long as it likes.
template <class... Answer>
class OneShot {
 public:
  using Signature = void(boost::system::error_code, Answer...);
  using Handler = asio::any_completion_handler<Signature>;

  // Constructed with its handler: Boost 1.81's move assignment of handlers never returns.
  OneShot(asio::any_io_executor executor, Handler handler)
      : executor_(std::move(executor)), handler_(std::move(handler)) {}

  // Ends the wait with what it waited for.
  void answer(Answer... answer) {
    if (!is_waiting()) return;
    cancellation_slot().clear();  // too late to leave
    end({}, std::move(answer)...);
  }

  // Ends the wait with operation_aborted. What wait_for_answer puts into the waiter's slot.
  void cancel() {
    if (is_waiting()) end(asio::error::operation_aborted, Answer()...);
  }

  bool is_waiting() const { return static_cast<bool>(handler_); }

  // Requires: is_waiting().
  asio::cancellation_slot cancellation_slot() const {
    return asio::get_associated_cancellation_slot(handler_);
  }

 private:
  void end(boost::system::error_code ec, Answer... answer) {
    asio::post(executor_,
               [h = std::exchange(handler_, nullptr), ec, ... a = std::move(answer)]() mutable {
                 std::move(h)(ec, std::move(a)...);
               });
  }

  asio::any_io_executor executor_;
  Handler handler_;
};

// Waits for the answer of a Shot, a OneShot or what derives from one. `begin(shot)` starts whatever
// will answer it, at once; `on_cancel(shot)` comes before a cancelled wait ends, and must not
// answer it. No coroutine: GCC 12 destroys a capturing lambda inside a co_await expression twice,
// so name those that capture more than references.
template <class Shot, class Begin, class OnCancel>
auto wait_for_answer(asio::any_io_executor executor, Begin begin, OnCancel on_cancel) {
  return asio::async_initiate<const asio::use_awaitable_t<>, typename Shot::Signature>(
      [executor, begin = std::move(begin), on_cancel = std::move(on_cancel)](auto handler) mutable {
        auto shot = std::make_shared<Shot>(executor, typename Shot::Handler(std::move(handler)));
        begin(shot);
        if (!shot->is_waiting()) return;
        asio::cancellation_slot slot = shot->cancellation_slot();
        if (!slot.is_connected()) return;
        slot.assign([shot, on_cancel = std::move(on_cancel)](asio::cancellation_type) mutable {
          on_cancel(shot);
          shot->cancel();
        });
      },
      asio::use_awaitable);
}

}  // namespace casim

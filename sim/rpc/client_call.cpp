#include "sim/rpc/client_call.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <string>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace casim::sim {

Awaitable<void> ClientCall::exchange(Terms terms) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      [this, terms](auto handler) { begin(terms, Clock::Handler(std::move(handler))); },
      asio::use_awaitable);
}

void ClientCall::begin(const Terms& terms, Clock::Handler handler) {
  assert(!in_flight_);
  terms_ = terms;
  waiter_.swap(handler);  // Boost 1.81's move assignment never returns
  overdue_ = false;
  past_deadline_ = false;
  released_ = false;
  asio::cancellation_slot slot = asio::get_associated_cancellation_slot(waiter_);
  if (slot.is_connected()) {
    slot.assign([this](asio::cancellation_type_t) { abandon(); });
  }
  arm(terms.dropped ? kTimeNever : kernel_.now() + terms.latency);
  replied_at_ = kernel_.now();  // unless the server parks it
  context_.emplace();
  if (terms.id) context_->AddMetadata("casim-call-id", std::to_string(terms.id.value()));
  in_flight_ = true;
  start_call();
  connection_.on_operation_started();
}

void ClientCall::arm(TimePoint due) {
  deadline_next_ = due > terms_.deadline;
  const TimePoint when = std::min(due, terms_.deadline);
  if (when == kTimeNever) return;
  event_ = kernel_.at(when, Phase::kAutoscaler, [this] { on_due(); });
}

void ClientCall::disarm() { kernel_.cancel(std::exchange(event_, EventHandle{})); }

void ClientCall::on_due() {
  event_ = {};
  if (deadline_next_) {
    past_deadline_ = true;
    cancel_call();
    resume();
  } else if (in_flight_) {
    overdue_ = true;
    arm(kTimeNever);
  } else if (replied_at_ + terms_.latency > kernel_.now()) {
    arm(replied_at_ + terms_.latency);
  } else {
    resume();
  }
}

void ClientCall::complete(bool /*ok*/) {
  in_flight_ = false;
  replied_at_ = kernel_.now();
  if (released_) {
    give_back();
  } else if (overdue_ && !terms_.dropped && waiter_) {
    disarm();
    arm(replied_at_ + terms_.latency);
  }
}

void ClientCall::cancel_call() {
  if (!in_flight_) return;
  context_->TryCancel();
  connection_.on_operation_started();
}

// From the waiter's cancellation slot, in which `this` stands: the rest has to wait.
void ClientCall::abandon() {
  disarm();
  cancel_call();
  if (!waiter_) return;
  asio::post(kernel_.executor(), [waiter = std::move(waiter_)]() mutable {
    std::move(waiter)(asio::error::operation_aborted);
  });
}

void ClientCall::resume() {
  asio::cancellation_slot slot = asio::get_associated_cancellation_slot(waiter_);
  slot.clear();
  std::move(waiter_)(boost::system::error_code{});  // may release this object
}

void ClientCall::release() {
  released_ = true;
  if (!in_flight_) give_back();
}

void ClientCall::give_back() {
  context_.reset();
  recycle();
}

}  // namespace casim::sim

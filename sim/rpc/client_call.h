// One call of the client: from its start on the completion queue to the instant at which its answer
// is handed over. Objects are used again; messages keep their memory.
//
//   issue: an event is armed for issue + latency, then the call starts. The server acts at once.
//   at the event: the reply came with the issue (always, unless the server parked the call): done.
//   a reply that came later is handed over at arrival + latency.
//   the deadline passes first: the call is cancelled if it is still open, and ends there.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "sim/kernel/kernel.h"
#include "sim/rpc/in_process.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/id.h"
#include "src/server/tag.h"

namespace casim::sim {

class ClientCall : public server::Tag {
 public:
  struct Terms {
    Duration latency{};
    TimePoint deadline = kTimeNever;
    bool dropped = false;  // the reply never comes
    CallId id;             // sent as metadata where there is one
  };

  ClientCall(Kernel& kernel, InProcess& connection) : kernel_(kernel), connection_(connection) {}

  virtual ~ClientCall() = default;
  ClientCall(const ClientCall&) = delete;
  ClientCall& operator=(const ClientCall&) = delete;

  // Returns when the answer is due. Throws operation_aborted when the waiting task is cancelled,
  // which cancels the call.
  Awaitable<void> exchange(Terms terms);

  bool is_past_deadline() const { return past_deadline_; }

  const grpc::Status& status() const { return status_; }

  void complete(bool ok) override;

  // The waiter has no further use of it: back to the pool, once gRPC has none either.
  void release();

 protected:
  grpc::ClientContext& context() { return *context_; }

  InProcess& connection() { return connection_; }

  grpc::Status status_;

 private:
  virtual void start_call() = 0;
  virtual void recycle() = 0;  // drops what gRPC made for the call; back to the pool

  void begin(const Terms& terms, Clock::Handler handler);
  void arm(TimePoint due);
  void disarm();
  void on_due();
  void abandon();
  void cancel_call();
  void resume();
  void give_back();

  Kernel& kernel_;
  InProcess& connection_;
  std::optional<grpc::ClientContext> context_;
  Terms terms_;
  TimePoint replied_at_{};
  EventHandle event_;
  Clock::Handler waiter_;
  bool in_flight_ = false;      // until the Finish tag is back
  bool overdue_ = false;        // the first event found no reply
  bool deadline_next_ = false;  // what the armed event means
  bool past_deadline_ = false;
  bool released_ = false;
};

template <class Function>
struct StartTypes;

template <class Stub, class Req, class Rep>
struct StartTypes<std::unique_ptr<grpc::ClientAsyncResponseReader<Rep>> (Stub::*)(
    grpc::ClientContext*, const Req&, grpc::CompletionQueue*)> {
  using StubType = Stub;
  using Request = Req;
  using Reply = Rep;
};

// All call objects of one method, kStart being the stub's AsyncX function.
template <auto kStart>
class CallPool {
  using Types = StartTypes<decltype(kStart)>;

 public:
  using Stub = typename Types::StubType;

  class Call final : public ClientCall {
   public:
    Call(Kernel& kernel, InProcess& connection, CallPool& pool)
        : ClientCall(kernel, connection), pool_(pool) {}

    typename Types::Request request;
    typename Types::Reply reply;

   private:
    void start_call() override {
      reader_ = (pool_.stub_.*kStart)(&context(), request, &connection().queue());
      reader_->Finish(&reply, &status_, static_cast<server::Tag*>(this));
    }

    void recycle() override {
      reader_.reset();
      pool_.free_.push_back(this);
    }

    CallPool& pool_;
    std::unique_ptr<grpc::ClientAsyncResponseReader<typename Types::Reply>> reader_;
  };

  // Gives the call back when the coroutine that uses it ends, however it ends.
  struct Release {
    void operator()(Call* call) const { call->release(); }
  };

  using Lease = std::unique_ptr<Call, Release>;

  CallPool(Kernel& kernel, InProcess& connection, Stub& stub)
      : kernel_(kernel), connection_(connection), stub_(stub) {}

  Lease take() {
    if (free_.empty()) {
      calls_.push_back(std::make_unique<Call>(kernel_, connection_, *this));
      free_.push_back(calls_.back().get());
    }
    Call* call = free_.back();
    free_.pop_back();
    return Lease(call);
  }

  bool is_unused() const { return free_.size() == calls_.size(); }

 private:
  Kernel& kernel_;
  InProcess& connection_;
  Stub& stub_;
  std::vector<std::unique_ptr<Call>> calls_;
  std::vector<Call*> free_;
};

}  // namespace casim::sim

// The life of one call on the server's completion queue, and the object that is used again for the
// next call of its method: messages keep their memory, gRPC's own state is made anew.
//
//   idle -> armed (RequestX) -> arrived: answered on the spot, or by a task -> Finish started
//        -> Finish tag and done tag both back -> idle
//
// A call that cannot be answered on the spot is a task of the current provider's scope.
#pragma once

#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "src/async/task_scope.h"
#include "src/server/handlers.h"
#include "src/server/member_tag.h"
#include "src/server/provider_service.h"

namespace casim::server {

class CallSlot;

// All slots of one method. One slot is always armed, so calls match in order of arrival.
class MethodLine {
 public:
  virtual ~MethodLine() = default;
  void arm_one();  // an idle slot, or a new one

  // The slot's call is over: it may be armed again.
  void on_idle(CallSlot& slot) { idle_.push_back(&slot); }

 private:
  virtual std::unique_ptr<CallSlot> make_slot() = 0;

  std::vector<std::unique_ptr<CallSlot>> slots_;
  std::vector<CallSlot*> idle_;
};

// What all slots share.
struct ServiceCore {
  Clock& clock;
  CallObserver& observer;
  Pump* pump = nullptr;
  bool closed = false;
  std::optional<CallId> last_id = std::nullopt;  // given to a call without one; none: none are
  std::unique_ptr<Handlers> handlers = nullptr;  // null: detached
  std::unique_ptr<TaskScope> scope = nullptr;    // of the tasks that use `handlers`
  std::vector<CallSlot*> open = {};              // with a task at work, in order of arrival
};

// The part that all methods share; the messages are TypedSlot's.
class CallSlot {
 public:
  CallSlot(ServiceCore& core, MethodLine& line, RpcMethod method);
  virtual ~CallSlot() = default;
  CallSlot(const CallSlot&) = delete;
  CallSlot& operator=(const CallSlot&) = delete;

  void arm();  // Requires: idle

  // A task is at work on its call.
  bool is_open() const { return open_; }

  OpenCall describe_open() const { return {id_, method_, since_, cancelled_}; }

 protected:
  ServiceCore& core() { return core_; }

  grpc::ServerContext& context() { return *context_; }

 private:
  // Answers its call exactly once: with what it was given, or UNAVAILABLE when its task was
  // cancelled, even before it had started.
  class Answer {
   public:
    explicit Answer(CallSlot& slot) : slot_(&slot) {}

    Answer(Answer&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}

    ~Answer();
    void give(const grpc::Status& status);

   private:
    CallSlot* slot_;
  };

  virtual void start_request(void* tag) = 0;
  virtual void start_finish(const grpc::Status& status, void* tag) = 0;
  virtual std::optional<grpc::Status> answer_at_once(Handlers& handlers) = 0;
  virtual Awaitable<grpc::Status> handle(Handlers& handlers, CallId id) = 0;
  virtual void describe_request(CallInfo& info) const = 0;
  virtual std::size_t reply_size() const = 0;

  void on_arrived(bool ok);
  void on_done(bool ok);
  void on_finished(bool ok);
  void begin();
  void spawn_task();
  static Awaitable<void> run_task(CallSlot* slot, Answer answer, Handlers* handlers);
  void finish(const grpc::Status& status);
  void release_if_over();
  CallInfo info() const;

  ServiceCore& core_;
  MethodLine& line_;
  const RpcMethod method_;
  std::optional<grpc::ServerContext> context_;
  MemberTag<&CallSlot::on_arrived> arrived_tag_{*this};
  MemberTag<&CallSlot::on_done> done_tag_{*this};
  MemberTag<&CallSlot::on_finished> finished_tag_{*this};
  CallId id_;
  TimePoint arrived_{};
  TimePoint since_{};
  std::optional<TimePoint> cancelled_;
  bool open_ = false;  // a task is at work
  bool done_ = false;  // tags that have come back
  bool finished_ = false;
};

// The types of a method, out of the generated RequestX function.
template <class Function>
struct RequestTypes;

template <class Service, class Req, class Rep>
struct RequestTypes<void (Service::*)(grpc::ServerContext*, Req*,
                                      grpc::ServerAsyncResponseWriter<Rep>*, grpc::CompletionQueue*,
                                      grpc::ServerCompletionQueue*, void*)> {
  using Request = Req;
  using Reply = Rep;
};

// A slot of the method with that RequestX function.
template <auto kRequest>
class TypedSlot final : public CallSlot {
  using Request = typename RequestTypes<decltype(kRequest)>::Request;
  using Reply = typename RequestTypes<decltype(kRequest)>::Reply;
  using Service = pb::CloudProvider::AsyncService;

  // Bytes of a reply whose memory is kept for the next one; a large group's list takes twice its
  // size, in as many slots as there ever were calls at once.
  static constexpr int kKeptReply = 64 * 1024;

 public:
  TypedSlot(ServiceCore& core, MethodLine& line, RpcMethod method, Service& service)
      : CallSlot(core, line, method), service_(service) {}

 private:
  void start_request(void* tag) override {
    writer_.emplace(&context());
    grpc::ServerCompletionQueue& queue = core().pump->queue();
    (service_.*kRequest)(&context(), &request_, &*writer_, &queue, &queue, tag);
  }

  void start_finish(const grpc::Status& status, void* tag) override {
    if (status.ok()) {
      writer_->Finish(reply_, status, tag);
      // It is bytes by now, which may wait long for a client that reads slowly.
      if (reply_.GetCachedSize() > kKeptReply) Reply().Swap(&reply_);
    } else {
      writer_->FinishWithError(status, tag);
    }
  }

  std::optional<grpc::Status> answer_at_once(Handlers& handlers) override {
    reply_.Clear();
    return handlers.answer(request_, reply_);
  }

  Awaitable<grpc::Status> handle(Handlers& handlers, CallId id) override {
    if constexpr (requires { handlers.handle(request_, reply_, id); }) {
      return handlers.handle(request_, reply_, id);
    } else {
      std::abort();  // answered at once, always
    }
  }

  void describe_request(CallInfo& info) const override {
    if constexpr (requires { request_.id(); }) info.group = request_.id();
    if constexpr (requires { request_.delta(); }) info.delta = request_.delta();
    if constexpr (requires { request_.nodes(); }) {
      info.delta = -request_.nodes_size();
      for (const auto& node : request_.nodes()) info.nodes.emplace_back(node.name());
    }
  }

  std::size_t reply_size() const override { return reply_.ByteSizeLong(); }

  Service& service_;
  Request request_;
  Reply reply_;
  std::optional<grpc::ServerAsyncResponseWriter<Reply>> writer_;
};

// The line of such slots.
template <auto kRequest>
class TypedLine final : public MethodLine {
 public:
  TypedLine(ServiceCore& core, RpcMethod method, pb::CloudProvider::AsyncService& service)
      : core_(core), method_(method), service_(service) {}

 private:
  std::unique_ptr<CallSlot> make_slot() override {
    return std::make_unique<TypedSlot<kRequest>>(core_, *this, method_, service_);
  }

  ServiceCore& core_;
  const RpcMethod method_;
  pb::CloudProvider::AsyncService& service_;
};

}  // namespace casim::server

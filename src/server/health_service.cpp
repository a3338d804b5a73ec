#include "src/server/health_service.h"

#include <list>
#include <optional>
#include <string>

#include <grpcpp/grpcpp.h>

#include "src/proto/health.grpc.pb.h"
#include "src/server/member_tag.h"

namespace casim::server {
namespace {

using Health = ::grpc::health::v1::Health;
using HealthRequest = ::grpc::health::v1::HealthCheckRequest;
using HealthReply = ::grpc::health::v1::HealthCheckResponse;

}  // namespace

struct HealthService::State {
  class Check;
  class Watch;

  template <class Call>
  static void forget(std::list<Call>& calls, const Call& one) {
    calls.remove_if([&one](const Call& call) { return &call == &one; });
  }

  HealthReply::ServingStatus status_of(const std::string& name) const {
    if (!name.empty()) return HealthReply::SERVICE_UNKNOWN;
    return is_serving ? HealthReply::SERVING : HealthReply::NOT_SERVING;
  }

  void arm_check();
  void arm_watch();

  Health::AsyncService service;
  Pump* pump = nullptr;
  bool closed = false;
  bool is_serving = true;
  bool is_ending = false;
  // Of each, one waits for a client.
  std::list<Check> checks;
  std::list<Watch> watches;
};

// Arrives, is answered, and is over.
class HealthService::State::Check final : public Tag {
 public:
  explicit Check(State& state) : state_(state) {
    grpc::ServerCompletionQueue& queue = state.pump->queue();
    state.service.RequestCheck(&context_, &request_, &writer_, &queue, &queue,
                               static_cast<Tag*>(this));
    state.pump->on_operation_started();
  }

  void complete(bool ok) override {
    if (!ok || is_answered_) return forget(state_.checks, *this);
    if (state_.closed) return;
    state_.arm_check();
    is_answered_ = true;
    answer();
    state_.pump->on_operation_started();
  }

 private:
  void answer() {
    HealthReply reply;
    reply.set_status(state_.status_of(request_.service()));
    if (reply.status() == HealthReply::SERVICE_UNKNOWN) {
      const grpc::Status unknown(grpc::StatusCode::NOT_FOUND,
                                 "only the server as a whole is known");
      writer_.FinishWithError(unknown, static_cast<Tag*>(this));
    } else {
      writer_.Finish(reply, grpc::Status::OK, static_cast<Tag*>(this));
    }
  }

  State& state_;
  grpc::ServerContext context_;
  grpc::ServerAsyncResponseWriter<HealthReply> writer_{&context_};
  HealthRequest request_;
  bool is_answered_ = false;
};

// Arrives, and is told each new status until its client leaves or the service ends.
class HealthService::State::Watch {
 public:
  explicit Watch(State& state) : state_(state) {
    grpc::ServerCompletionQueue& queue = state.pump->queue();
    context_.AsyncNotifyWhenDone(static_cast<Tag*>(&left_tag_));
    state.service.RequestWatch(&context_, &request_, &writer_, &queue, &queue,
                               static_cast<Tag*>(&arrived_tag_));
    state.pump->on_operation_started();
  }

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // What is the case now, if it has not been told; while something is told, that comes first. At
  // the end, after the last word, that it is the end.
  void tell() {
    const bool may_tell = is_here_ && !has_left_ && !is_telling_ && !is_ended_ && !state_.closed;
    if (!may_tell) return;
    const HealthReply::ServingStatus now = state_.status_of(request_.service());
    if (told_ != now) {
      HealthReply reply;
      reply.set_status(now);
      told_ = now;
      writer_.Write(reply, static_cast<Tag*>(&told_tag_));
    } else if (state_.is_ending) {
      is_ended_ = true;
      writer_.Finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server goes down"),
                     static_cast<Tag*>(&told_tag_));
    } else {
      return;
    }
    is_telling_ = true;
    state_.pump->on_operation_started();
  }

 private:
  void on_arrived(bool ok) {
    if (!ok) return forget(state_.watches, *this);  // the queue shuts down; nothing follows
    is_here_ = true;
    if (!state_.closed) state_.arm_watch();
    tell();
  }

  void on_told(bool /*ok*/) {
    is_telling_ = false;
    tell();
    forget_if_over();
  }

  void on_left(bool /*ok*/) {
    has_left_ = true;
    forget_if_over();
  }

  void forget_if_over() {
    if (has_left_ && !is_telling_) forget(state_.watches, *this);
  }

  State& state_;
  grpc::ServerContext context_;
  grpc::ServerAsyncWriter<HealthReply> writer_{&context_};
  HealthRequest request_;
  MemberTag<&Watch::on_arrived> arrived_tag_{*this};
  MemberTag<&Watch::on_told> told_tag_{*this};
  MemberTag<&Watch::on_left> left_tag_{*this};
  std::optional<HealthReply::ServingStatus> told_;
  bool is_here_ = false;
  bool is_telling_ = false;
  bool is_ended_ = false;
  bool has_left_ = false;
};

void HealthService::State::arm_check() { checks.emplace_back(*this); }

void HealthService::State::arm_watch() { watches.emplace_back(*this); }

HealthService::HealthService() : state_(std::make_unique<State>()) {}

HealthService::~HealthService() = default;

grpc::Service& HealthService::grpc_service() { return state_->service; }

void HealthService::start(Pump& pump) {
  state_->pump = &pump;
  state_->arm_check();
  state_->arm_watch();
}

void HealthService::end_watches() {
  state_->is_ending = true;
  for (State::Watch& watch : state_->watches) watch.tell();
}

void HealthService::close() { state_->closed = true; }

void HealthService::set_serving(bool is_serving) {
  state_->is_serving = is_serving;
  for (State::Watch& watch : state_->watches) watch.tell();
}

}  // namespace casim::server

#include "src/server/call_slot.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace casim::server {
namespace {

constexpr const char* kDetached = "the provider is not running";

CallId call_id_of(const grpc::ServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("casim-call-id");
  if (found == metadata.end()) return {};
  const grpc::string_ref text = found->second;
  CallId::rep value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return CallId(value);
}

}  // namespace

void MethodLine::arm_one() {
  if (idle_.empty()) {
    slots_.push_back(make_slot());
    idle_.push_back(slots_.back().get());
  }
  CallSlot* slot = idle_.back();
  idle_.pop_back();
  slot->arm();
}

CallSlot::CallSlot(ServiceCore& core, MethodLine& line, RpcMethod method)
    : core_(core), line_(line), method_(method) {}

void CallSlot::arm() {
  context_.emplace();
  done_ = false;
  finished_ = false;
  context_->AsyncNotifyWhenDone(static_cast<Tag*>(&done_tag_));
  start_request(static_cast<Tag*>(&arrived_tag_));
  core_.pump->on_operation_started();
}

void CallSlot::on_arrived(bool ok) {
  if (!ok) return;  // the queue shuts down; no done tag follows
  if (!core_.closed) line_.arm_one();
  begin();
}

void CallSlot::begin() {
  arrived_ = core_.clock.now();
  id_ = is_mutation(method_) ? call_id_of(*context_) : CallId();
  if (!id_ && core_.last_id) id_ = *(core_.last_id = CallId(core_.last_id->value() + 1));
  core_.observer.on_started(info());
  if (core_.handlers == nullptr) {
    finish(grpc::Status(grpc::StatusCode::UNAVAILABLE, kDetached));
  } else if (const auto status = answer_at_once(*core_.handlers)) {
    finish(*status);
  } else {
    spawn_task();
  }
}

void CallSlot::spawn_task() {
  since_ = core_.clock.now();
  cancelled_.reset();
  open_ = true;
  core_.open.push_back(this);
  core_.scope->spawn(run_task(this, Answer(*this), core_.handlers.get()));
}

Awaitable<void> CallSlot::run_task(CallSlot* slot, Answer answer, Handlers* handlers) {
  // From here on it is begun, and is finished whatever the client does.
  if (slot->cancelled_) {
    answer.give(grpc::Status::CANCELLED);
    co_return;
  }
  const grpc::Status status = co_await slot->handle(*handlers, slot->id_);
  answer.give(status);
}

CallSlot::Answer::~Answer() {
  if (slot_ != nullptr) give(grpc::Status(grpc::StatusCode::UNAVAILABLE, kDetached));
}

void CallSlot::Answer::give(const grpc::Status& status) {
  CallSlot* slot = std::exchange(slot_, nullptr);
  slot->open_ = false;
  std::erase(slot->core_.open, slot);
  slot->finish(status);
}

void CallSlot::finish(const grpc::Status& status) {
  if (core_.closed) return;
  CallInfo finished = info();
  if (status.ok() && core_.observer.wants_reply_size()) finished.reply_bytes = reply_size();
  core_.observer.on_finished(finished, static_cast<int>(status.error_code()));
  start_finish(status, static_cast<Tag*>(&finished_tag_));
  core_.pump->on_operation_started();
}

void CallSlot::on_done(bool /*ok*/) {
  done_ = true;
  if (open_ && context_->IsCancelled()) {
    cancelled_ = core_.clock.now();
    core_.observer.on_cancelled(info());
  }
  release_if_over();
}

void CallSlot::on_finished(bool /*ok*/) {
  finished_ = true;
  release_if_over();
}

void CallSlot::release_if_over() {
  if (!done_ || !finished_) return;
  context_.reset();
  line_.on_idle(*this);
}

CallInfo CallSlot::info() const {
  CallInfo info;
  info.id = id_;
  info.method = method_;
  info.arrived = arrived_;
  describe_request(info);
  return info;
}

}  // namespace casim::server

#include <algorithm>

#include "sim/paths/crossplane/external_client.h"

namespace casim::sim {
namespace {

constexpr int kObservedGone = 404;

// Something was created, as far as the status says. Else no reply but a success counts as a sign of
// it.
bool was_created(const ManagedStatus& status) {
  return status.code != 0 && !(status.method == HttpMethod::kPost && is_http_error(status.code));
}

// What the status keeps of the last call. kUnavailable: the call itself failed.
Awaitable<Result<void>> store_reply(ManagedCopy& copy, const HttpReply& reply, HttpMethod method,
                                    bool forgets_failures) {
  ManagedStatus& status = copy.object.status;
  const bool is_answered = reply.status != 0;
  if (is_answered) {
    status.code = reply.status;
    status.method = method;
    status.error = reply.error;
    if (!reply.id.empty()) status.id = reply.id;
    if (!reply.state.empty()) status.state = reply.state;
  }
  const bool is_success = is_http_success(reply.status);
  if (forgets_failures || (is_success && method != HttpMethod::kGet)) {
    status.failures = 0;
    status.has_error = false;
  }
  if (!is_answered || is_http_error(reply.status)) ++status.failures;
  if (!is_answered) status.has_error = true;
  const Result<void> written = co_await update_call_status(copy);
  if (!written) co_return written;
  if (!is_answered) co_return failure(ErrorCode::kUnavailable, "no reply");
  co_return Result<void>();
}

}  // namespace

Awaitable<HttpReply> send(HttpTarget& target, const ManagedCopy& copy, HttpMethod method) {
  HttpCall call;
  call.method = method;
  call.object = copy.key();
  call.id = copy.object.status.id;
  call.deadline = std::min(copy.now() + copy.object.spec.wait_timeout, copy.external_deadline);
  co_return co_await target.send(std::move(call));
}

Awaitable<Result<void>> update_call_status(ManagedCopy& copy) {
  if (copy.now() >= copy.external_deadline) {
    co_return failure(ErrorCode::kDeadlineExceeded, "the reconcile's time for calls is over");
  }
  co_return co_await copy.update_status();
}

Awaitable<Result<Observation>> RequestClient::observe(ManagedCopy& copy) {
  const bool is_known = was_created(copy.object.status);
  const HttpReply reply = co_await send(target_, copy, HttpMethod::kGet);
  if (!is_http_success(reply.status) && !is_known) co_return Observation{};
  if (reply.status == kObservedGone) co_return Observation{};
  bool is_up_to_date = true;
  if (copy.object.spec.has_update_mapping) {
    // Without a body there is nothing to compare, and no status is kept of it.
    if (reply.status == 0) co_return failure(ErrorCode::kUnavailable, "no reply");
    is_up_to_date = reply.matches && is_http_success(reply.status);
  }
  if (const Result<void> found = copy.refresh(); !found) co_return std::unexpected(found.error());
  copy.object.status.ready = ConditionState::kTrue;
  const Result<void> stored =
      co_await store_reply(copy, reply, HttpMethod::kGet, is_up_to_date && reply.status != 0);
  if (!stored) co_return std::unexpected(stored.error());
  co_return Observation{true, is_up_to_date};
}

Awaitable<Result<void>> RequestClient::deploy(ManagedCopy& copy, HttpMethod method) {
  if (const Result<void> found = copy.refresh(); !found) co_return found;
  const HttpReply reply = co_await send(target_, copy, method);
  if (const Result<void> found = copy.refresh(); !found) co_return found;
  const Result<void> stored = co_await store_reply(copy, reply, method, false);
  if (!stored) co_return stored;
  if (!error_is_success_ && is_http_error(reply.status)) {
    co_return failure(ErrorCode::kUnavailable, "an HTTP error");
  }
  co_return Result<void>();
}

Awaitable<Result<void>> RequestClient::create(ManagedCopy& copy) {
  return deploy(copy, HttpMethod::kPost);
}

Awaitable<Result<void>> RequestClient::update(ManagedCopy& copy) {
  return deploy(copy, HttpMethod::kPut);
}

Awaitable<Result<void>> RequestClient::remove(ManagedCopy& copy) {
  return deploy(copy, HttpMethod::kDelete);
}

}  // namespace casim::sim

#include "sim/paths/crossplane/external_client.h"

namespace casim::sim {
namespace {

// Since the last call, or from now on where none is known yet.
bool is_next_due(const ManagedCopy& copy, WallTime now) {
  return now >= copy.object.status.last_sent.value_or(now) + *copy.object.spec.next_reconcile;
}

// A call failed, and the limit allows another one.
bool needs_retry(const Managed& object) {
  const std::optional<int>& limit = object.spec.retries_limit;
  return limit && object.status.failures != 0 && object.status.failures < *limit;
}

bool is_exhausted(const Managed& object) {
  return object.spec.retries_limit && object.status.failures >= *object.spec.retries_limit;
}

// Of one that was sent and answered as expected.
bool is_sent_up_to_date(const ManagedCopy& copy, WallTime now, bool is_up_to_date) {
  const ManagedSpec& spec = copy.object.spec;
  const bool never = spec.loops && !spec.retries_limit;
  const bool is_due = !needs_retry(copy.object) && spec.next_reconcile && is_next_due(copy, now);
  return is_up_to_date && !never && !is_due;
}

}  // namespace

Awaitable<Result<Observation>> DisposableClient::observe(ManagedCopy& copy) {
  const ManagedSpec& spec = copy.object.spec;
  if (copy.object.meta.is_deleted) co_return Observation{};
  const WallTime now = copy.wall();
  bool is_up_to_date = true;
  if (needs_retry(copy.object)) is_up_to_date = spec.next_reconcile && !is_next_due(copy, now);
  const ManagedStatus& status = copy.object.status;
  if (!status.is_sent) {
    const bool waits = needs_retry(copy.object) && is_up_to_date;
    co_return Observation{waits, waits};
  }
  if (status.code == 0 || !status.is_expected) {
    co_return Observation{is_up_to_date, spec.next_reconcile && !is_next_due(copy, now)};
  }
  const Observation seen{is_up_to_date, is_sent_up_to_date(copy, now, is_up_to_date)};
  if (!seen.exists) co_return seen;
  if (const Result<void> found = copy.refresh(); !found) co_return std::unexpected(found.error());
  copy.object.status.ready = ConditionState::kTrue;
  // Its error is a new one, which does not say that it was a conflict.
  if (!co_await update_call_status(copy)) co_return failure(ErrorCode::kUnknown, "not written");
  co_return seen;
}

Awaitable<Result<void>> DisposableClient::create(ManagedCopy& copy) {
  const ManagedSpec spec = copy.object.spec;
  if (copy.object.status.is_sent && !spec.loops) co_return Result<void>();
  if (is_exhausted(copy.object)) co_return Result<void>();
  const HttpReply reply = co_await send(target_, copy, HttpMethod::kPost);
  if (const Result<void> found = copy.refresh(); !found) co_return found;
  ManagedStatus& status = copy.object.status;
  status.last_sent = copy.stamp();
  status.method = HttpMethod::kPost;
  if (reply.status != 0) status.code = reply.status;
  if (reply.status != 0) status.is_expected = reply.is_expected;
  const bool has_failed = reply.status == 0 || is_http_error(reply.status);
  status.is_sent = !has_failed && reply.is_expected;
  status.failures = status.is_sent ? 0 : status.failures + 1;
  status.has_error = !status.is_sent;
  const Result<void> written = co_await update_call_status(copy);
  if (!written) co_return written;
  if (has_failed) co_return failure(ErrorCode::kUnavailable, "the call failed");
  co_return Result<void>();
}

Awaitable<Result<void>> DisposableClient::update(ManagedCopy& copy) { return create(copy); }

Awaitable<Result<void>> DisposableClient::remove(ManagedCopy&) { co_return Result<void>(); }

Duration DisposableClient::poll_of(const ManagedCopy& copy, Duration) const {
  const std::optional<Duration>& next = copy.object.spec.next_reconcile;
  if (!next) return poll_;
  const WallTime now = copy.wall();
  const WallTime due = copy.object.status.last_sent.value_or(now) + *next;
  return now < due ? due - now : poll_;
}

}  // namespace casim::sim

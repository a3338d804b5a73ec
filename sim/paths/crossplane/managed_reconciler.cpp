#include "sim/paths/crossplane/managed_reconciler.h"

namespace casim::sim {
namespace {

constexpr RoundEnd kDone = RoundEnd::done();
constexpr RoundEnd kAgain = RoundEnd::again();
// [client-go util/retry] DefaultRetry: five tries, 10 ms apart and up to a tenth more.
constexpr int kAnnotationTries = 5;
constexpr Duration kAnnotationPause = std::chrono::microseconds(10'500);

void mark(ManagedStatus& status, ConditionState ready, ConditionState synced) {
  status.ready = ready;
  status.synced = synced;
}

}  // namespace

Awaitable<RoundEnd> ManagedReconciler::reconcile(ManagedStore::Key key) {
  if (ports_.store.seen(key).object == nullptr) co_return kDone;
  ManagedCopy copy(ports_.kernel, ports_.store, ports_.kube, key);
  copy.external_deadline = copy.now() + config_.timeout;
  RoundEnd end;
  if (!co_await prepare(copy, end)) co_return end;
  const Result<Observation> seen = co_await ports_.external.observe(copy);
  if (!seen && seen.error().code == ErrorCode::kConflict) co_return kAgain;
  if (!seen) co_return co_await fail(copy);
  // Many APIs do not show at once what they have created.
  if (!seen->exists && is_in_grace(copy)) co_return kAgain;
  co_return co_await act(copy, *seen);
}

Awaitable<RoundEnd> ManagedReconciler::finish(ManagedCopy& copy, RoundEnd end) {
  const Result<void> written = co_await copy.update_status();
  co_return written ? end : kAgain;
}

Awaitable<RoundEnd> ManagedReconciler::fail(ManagedCopy& copy) {
  copy.object.status.synced = ConditionState::kFalse;
  co_return co_await finish(copy, kAgain);
}

Awaitable<bool> ManagedReconciler::prepare(ManagedCopy& copy, RoundEnd& end) {
  end = kAgain;
  if (!copy.object.meta.has_external_name) {
    copy.object.meta.has_external_name = true;
    if (const Result<void> named = co_await copy.update(); !named) {
      if (named.error().code != ErrorCode::kConflict) end = co_await fail(copy);
      co_return false;
    }
  }
  if (is_creation_incomplete(copy.object.meta) && !config_.has_deterministic_name) {
    mark(copy.object.status, ConditionState::kFalse, ConditionState::kFalse);
    copy.object.status.is_stuck = true;
    end = co_await finish(copy, kDone);
    co_return false;
  }
  co_return true;
}

Awaitable<RoundEnd> ManagedReconciler::act(ManagedCopy& copy, Observation seen) {
  if (copy.object.meta.is_deleted) co_return co_await remove(copy, seen.exists);
  if (!copy.object.meta.has_finalizer) {
    copy.object.meta.has_finalizer = true;
    if (const Result<void> added = co_await copy.update(); !added) {
      if (added.error().code == ErrorCode::kConflict) co_return kAgain;
      co_return co_await fail(copy);
    }
  }
  if (!seen.exists) co_return co_await create(copy);
  if (seen.is_up_to_date) co_return co_await up_to_date(copy);
  if (const Result<void> updated = co_await ports_.external.update(copy); !updated) {
    co_return co_await fail(copy);
  }
  co_return co_await up_to_date(copy);
}

Awaitable<RoundEnd> ManagedReconciler::remove(ManagedCopy& copy, bool exists) {
  if (exists) {
    // Whether it worked is seen by the next round.
    const Result<void> removed = co_await ports_.external.remove(copy);
    mark(copy.object.status, ConditionState::kFalse,
         removed ? ConditionState::kTrue : ConditionState::kFalse);
    co_return co_await finish(copy, kAgain);
  }
  copy.object.meta.has_finalizer = false;
  const Result<void> freed = co_await copy.update();
  if (freed) co_return kDone;
  if (freed.error().code == ErrorCode::kConflict) co_return kAgain;
  co_return co_await fail(copy);
}

Awaitable<RoundEnd> ManagedReconciler::create(ManagedCopy& copy) {
  copy.object.meta.pending = copy.stamp();
  if (const Result<void> marked = co_await copy.update(); !marked) {
    if (marked.error().code == ErrorCode::kConflict) co_return kAgain;
    co_return co_await fail(copy);
  }
  const Result<void> created = co_await ports_.external.create(copy);
  if (!created) {
    copy.object.meta.failed = copy.stamp();
    co_await update_critical_annotations(copy);  // stuck for good where that fails
    mark(copy.object.status, ConditionState::kFalse, ConditionState::kFalse);
    co_return co_await finish(copy, kAgain);
  }
  copy.object.meta.succeeded = copy.stamp();
  const Result<void> noted = co_await update_critical_annotations(copy);
  if (!noted && noted.error().code == ErrorCode::kConflict) co_return kAgain;
  mark(copy.object.status, ConditionState::kFalse,
       noted ? ConditionState::kTrue : ConditionState::kFalse);
  co_return co_await finish(copy, kAgain);
}

Awaitable<RoundEnd> ManagedReconciler::up_to_date(ManagedCopy& copy) {
  Duration poll = ports_.external.poll_of(copy, config_.poll);
  if (config_.poll_jitter > Duration{}) {
    const double u =
        ports_.random.uniform("crossplane.poll", copy.key(), ports_.store.version(copy.key()));
    poll += from_seconds(to_seconds(config_.poll_jitter) * (2 * u - 1));
  }
  copy.object.status.synced = ConditionState::kTrue;
  co_return co_await finish(copy, RoundEnd::later(poll));
}

Awaitable<Result<void>> ManagedReconciler::update_critical_annotations(ManagedCopy& copy) {
  const ManagedMeta wanted = copy.object.meta;
  for (int i = 1;; ++i) {
    const Result<void> written = co_await copy.update();
    if (written || i == kAnnotationTries) co_return written;
    if (written.error().code == ErrorCode::kConflict) {
      if (const Result<void> found = copy.refresh(); !found) co_return found;
      ManagedMeta& meta = copy.object.meta;
      if (wanted.pending) meta.pending = wanted.pending;
      if (wanted.succeeded) meta.succeeded = wanted.succeeded;
      if (wanted.failed) meta.failed = wanted.failed;
      meta.has_external_name = meta.has_external_name || wanted.has_external_name;
    }
    co_await ports_.kernel.clock(Phase::kWorld).sleep_for(kAnnotationPause);
  }
}

bool ManagedReconciler::is_in_grace(const ManagedCopy& copy) const {
  const std::optional<WallTime>& succeeded = copy.object.meta.succeeded;
  return succeeded && copy.wall() - *succeeded < config_.create_grace;
}

}  // namespace casim::sim

#include "sim/paths/crossplane/managed_copy.h"

#include <cassert>
#include <utility>

namespace casim::sim {

ManagedCopy::ManagedCopy(Kernel& kernel, ManagedStore& store, KubeClient& kube,
                         ManagedStore::Key key)
    : kernel_(kernel), store_(store), kube_(kube), key_(key) {
  const Result<void> found = refresh();
  assert(found);
}

Result<void> ManagedCopy::refresh() {
  const ManagedStore::View view = store_.seen(key_);
  if (view.object == nullptr) return failure(ErrorCode::kNotFound, "it is gone");
  object = *view.object;
  version_ = view.version;
  return {};
}

Awaitable<Result<void>> ManagedCopy::update() { return submit(false); }

Awaitable<Result<void>> ManagedCopy::update_status() { return submit(true); }

Awaitable<Result<void>> ManagedCopy::submit(bool is_status) {
  co_await kube_.request(key_, store_.version(key_));
  const Managed* newest = store_.newest(key_);
  if (newest == nullptr) co_return failure(ErrorCode::kNotFound, "it is gone");
  if (store_.version(key_) != version_) {
    co_return failure(ErrorCode::kConflict, "it has changed meanwhile");
  }
  Managed next = *newest;
  if (is_status) {
    next.status = object.status;
  } else {
    next.meta = object.meta;
  }
  object = next;
  if (next.meta.is_deleted && !next.meta.has_finalizer) {
    store_.erase(key_);
  } else {
    store_.write(key_, std::move(next));
  }
  version_ = store_.version(key_);
  co_return Result<void>();
}

}  // namespace casim::sim

// One reconcile's copy of a managed resource, and its writes to the API. A write of an old version
// conflicts. A write of the metadata takes back what the copy's status held, and one of the status
// what its metadata held: the server answers with its own. Source: [client-go], [XR reconciler.go].
#pragma once

#include <cstdint>

#include "sim/paths/crossplane/managed.h"
#include "sim/paths/kube/kube_client.h"
#include "sim/paths/kube/object_store.h"
#include "src/core/asio.h"
#include "src/core/result.h"

namespace casim::sim {

using ManagedStore = ObjectStore<Managed>;

class ManagedCopy {
 public:
  // All outlive it. Requires: the caches show the object.
  ManagedCopy(Kernel& kernel, ManagedStore& store, KubeClient& kube, ManagedStore::Key key);

  Awaitable<Result<void>> update();
  Awaitable<Result<void>> update_status();
  // From the cache, which may be behind. kNotFound: it is gone.
  Result<void> refresh();

  ManagedStore::Key key() const { return key_; }

  WallTime wall() const { return kernel_.wall(kernel_.now()); }

  WallTime stamp() const { return cut_to_second(wall()); }

  TimePoint now() const { return kernel_.now(); }

  Managed object;
  // When calls of this reconcile must be over, and the writes that belong to them.
  TimePoint external_deadline = kTimeNever;

 private:
  Awaitable<Result<void>> submit(bool is_status);

  Kernel& kernel_;
  ManagedStore& store_;
  KubeClient& kube_;
  ManagedStore::Key key_;
  std::uint64_t version_ = 0;
};

}  // namespace casim::sim

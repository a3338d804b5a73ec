#include "sim/workloads/pod_control.h"

#include <cassert>
#include <utility>

namespace casim::sim {

PodControl::PodControl(ApiServer& api, ApiClientConfig config)
    : api_(api), client_(api.add_client(std::move(config))), events_(api.kernel(), client_) {}

void PodControl::create(NewPod pod, Done done) {
  const PodSpecPtr spec = pod.spec;
  client_.create_pod(std::move(pod),
                     [this, spec, done = std::move(done)](const Result<PodId>& created) mutable {
                       events_.record(spec->owner_uid);
                       done(created.has_value());
                     });
}

void PodControl::remove(PodId id, Done done) {
  const Pod* pod = api_.cluster().find_pod(id);
  if (pod == nullptr) return done(false);
  client_.delete_pod(
      id, PodEnd::kDeleted, pod->spec->grace,
      [this, spec = pod->spec, done = std::move(done)](const Result<void>& deleted) mutable {
        if (deleted) events_.record(spec->owner_uid);
        done(deleted.has_value());
      });
}

void PodControl::create(NewPod pod) {
  client_.create_pod(std::move(pod), [](const Result<PodId>& created) {
    assert(created.has_value());
    static_cast<void>(created);
  });
}

void PodControl::remove(PodId id) {
  const Pod* pod = api_.cluster().find_pod(id);
  if (pod == nullptr) return;
  client_.delete_pod(id, PodEnd::kDeleted, pod->spec->grace, [](const Result<void>&) {});
}

NewPod PodControl::replacement_of(const Pod& gone) const {
  const PodLife& was = life(gone.id);
  NewPod pod;
  pod.spec = gone.spec;
  pod.workload = was.workload;
  pod.index = was.index;
  pod.replaces = gone.id;
  pod.incarnation = was.incarnation + 1;
  return pod;
}

}  // namespace casim::sim

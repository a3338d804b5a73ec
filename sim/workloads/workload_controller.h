// The port of workload controllers. One that owns pods implements WorkloadController, hears of its
// own pods through the PodInformer, and writes through its PodControl. One that owns such owners
// (Deployment) or only sizes them (HPA) calls the controller below it, as ReplicaSetController's
// create() and scale(), and hears from it as a WorkloadObserver.
#pragma once

#include <cstdint>

#include "sim/cluster/cluster.h"
#include "sim/cluster/objects.h"

namespace casim::sim {

// The pods of one owner. They share a spec, which names the owner, and are known as (workload,
// first_index), (workload, first_index + 1), ...: random draws and results are keyed by that.
struct PodBlueprint {
  PodSpecPtr spec;
  WorkloadId workload;
  std::uint64_t first_index = 0;

  // The n-th of them, counted from 0; the first of its index.
  NewPod pod(std::uint64_t n) const {
    NewPod pod;
    pod.spec = spec;
    pod.workload = workload;
    pod.index = first_index + n;
    return pod;
  }
};

// How far an owner's pods are, in its controller's eyes.
struct WorkloadStatus {
  WorkloadId workload;
  std::uint64_t first_index = 0;  // of the owner's pods
  std::uint64_t wanted = 0;       // replicas of a ReplicaSet; started completions of a Job
  std::uint64_t served = 0;       // of those: Ready replicas; succeeded pods

  std::uint64_t open() const { return wanted > served ? wanted - served : 0; }
};

class WorkloadObserver {
 public:
  virtual ~WorkloadObserver() = default;
  // An owner's numbers have changed. `before` is all zero for a new owner.
  virtual void on_status(const WorkloadStatus& before, const WorkloadStatus& now) = 0;
};

class WorkloadController {
 public:
  virtual ~WorkloadController() = default;

  // The kind of its owners: pods of such an owner are told to it, of every owner of the kind.
  virtual OwnerKind kind() const = 0;

  // It has been told of all pods there are: from now on it acts.
  virtual void on_listed() {}

  // Added or modified.
  virtual void on_pod_changed(const Pod& pod) = 0;
  // Finally gone, or finished.
  virtual void on_pod_removed(const Pod& last) = 0;
};

}  // namespace casim::sim

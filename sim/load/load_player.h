// Plays a load: pods that arrive, and sets that somebody sizes.
#pragma once

#include "sim/load/arrivals.h"
#include "sim/load/bare_pods.h"
#include "sim/load/scaled_sets.h"

namespace casim::sim {

// Controllers that create pods, and how fast each may write.
struct LoadControllers {
  ReplicaSetController& replica_sets;
  JobController& jobs;
  double qps = 0;  // 0: no limit
  int burst = 0;
};

class LoadPlayer {
 public:
  // All outlive it, and the kernel runs no event after it.
  LoadPlayer(Kernel& kernel, ApiServer& api, WorkloadTable& workloads, LoadControllers controllers,
             LoadCompletion& completion);

  // Hears of the pods that it has created itself; to be told of all pods.
  BarePods& bare_pods() { return bare_pods_; }

  // Requires: before start().
  template <class Spec>
  void add(Spec spec) {
    arrivals_.add(workloads_.add(std::move(spec)));
  }

  void add(ScaledSpec spec);

  // One that the table has already. Likewise.
  void play(WorkloadId workload) { arrivals_.add(workload); }

  void start();

  bool are_over() const { return arrivals_.are_over() && scaled_sets_.are_over(); }

  // Pods that it asked for so far, of series that do not know their size.
  std::uint64_t unsized() const { return arrivals_.unsized_arrived() + scaled_sets_.asked_for(); }

 private:
  WorkloadTable& workloads_;
  BarePods bare_pods_;
  Arrivals arrivals_;
  ScaledSets scaled_sets_;
};

}  // namespace casim::sim

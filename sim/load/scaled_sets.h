// Plays ReplicaSets whose size somebody sets at recorded times.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/kernel.h"
#include "sim/load/load_completion.h"
#include "sim/load/pod_series.h"
#include "sim/load/scaling_trace.h"
#include "sim/load/workload_table.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::sim {

class ScaledSets {
 public:
  // All outlive it, and the kernel runs no event after it.
  ScaledSets(Kernel& kernel, const WorkloadTable& workloads, ReplicaSetController& replica_sets,
             LoadCompletion& completion)
      : kernel_(kernel),
        workloads_(workloads),
        replica_sets_(replica_sets),
        completion_(completion) {}

  // Requires: before start(), once for each; the workload is a ScaledSpec with these steps.
  void add(WorkloadId workload, std::vector<ScalingStep> steps);
  void start();

  bool are_over() const { return playing_ == 0; }

  std::uint64_t asked_for() const { return asked_for_; }  // pods, so far

 private:
  struct Set {
    WorkloadId workload;
    std::string owner;  // its uid
    std::vector<ScalingStep> steps;
    std::size_t next = 0;
    std::uint64_t replicas = 0;
  };

  void arm(std::size_t number);
  void step(std::size_t number);

  Kernel& kernel_;
  const WorkloadTable& workloads_;
  ReplicaSetController& replica_sets_;
  LoadCompletion& completion_;
  std::vector<Set> sets_;  // in order of adding
  std::size_t playing_ = 0;
  std::uint64_t asked_for_ = 0;
};

}  // namespace casim::sim

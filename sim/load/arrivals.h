// Plays the series of a load: at the time of each pod it tells the controller of the pod's owner,
// which creates it. A burst is one owner that gets one pod more at a time; a row of a trace brings
// its own Job.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/kernel.h"
#include "sim/load/load_completion.h"
#include "sim/load/workload_table.h"
#include "sim/workloads/job_controller.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::sim {

class Arrivals {
 public:
  // All outlive the arrivals, and the kernel runs no event after them.
  Arrivals(Kernel& kernel, const WorkloadTable& workloads, ReplicaSetController& replica_sets,
           JobController& jobs, LoadCompletion& completion);
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  // The pods of that workload will arrive. Requires: before start(), once for each.
  void add(WorkloadId workload);
  // Creates the owners that stand for a whole series, without pods yet. Pods whose time has passed
  // arrive at once.
  void start();

  bool are_over() const;  // all pods have arrived

 private:
  struct Playing {
    WorkloadId workload;
    std::string owner;  // its uid; unused where each pod has its own
    OwnerKind kind = OwnerKind::kNone;
    std::uint64_t next = 0;  // position
  };

  void arm(std::size_t number);
  void arrive(std::size_t number);
  void tell_controller(const Playing& playing, std::uint64_t index);

  Kernel& kernel_;
  const WorkloadTable& workloads_;
  ReplicaSetController& replica_sets_;
  JobController& jobs_;
  LoadCompletion& completion_;
  std::vector<Playing> playing_;  // in order of adding
};

}  // namespace casim::sim

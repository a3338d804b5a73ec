// Plays the series of a load: at the time of each pod it tells the controller of the pod's owner,
// which creates it. A burst is one owner that gets one pod more at a time; a row of a trace brings
// its own Job; a bare pod has nobody. A controller that may not write faster than some rate is told
// of a pod a minute before its turn could come, not earlier: what has not been told takes no
// memory, however large a burst is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/kernel/kernel.h"
#include "sim/load/bare_pods.h"
#include "sim/load/load_completion.h"
#include "sim/load/workload_table.h"
#include "sim/workloads/job_controller.h"
#include "sim/workloads/replica_set_controller.h"
#include "src/core/token_bucket.h"

namespace casim::sim {

// Who creates the pods, and how fast a controller may at most.
struct PodMakers {
  ReplicaSetController& replica_sets;
  JobController& jobs;
  BarePods& bare_pods;
  double qps = 0;  // of each controller; 0: no limit
  int burst = 0;
};

class Arrivals {
 public:
  // All outlive the arrivals, and the kernel runs no event after them.
  Arrivals(Kernel& kernel, const WorkloadTable& workloads, PodMakers makers,
           LoadCompletion& completion);
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  // The pods of that workload will arrive. Requires: before start(), once for each.
  void add(WorkloadId workload);
  // Creates the owners that stand for a whole series, without pods yet. Pods whose time has passed
  // arrive at once.
  void start();

  bool are_over() const;  // all pods have arrived

  // Of series that have no size, so far.
  std::uint64_t unsized_arrived() const { return unsized_arrived_; }

 private:
  struct Playing {
    WorkloadId workload;
    std::unique_ptr<ArrivalStream> stream;
    std::optional<Arriving> next;  // none: it is over
    bool has_size = false;
    bool has_owner_each = false;
    OwnerKind kind = OwnerKind::kNone;  // of the owners
    std::string owner;                  // uid of the one owner of all
    std::uint64_t told = 0;
  };

  // What a controller has been told, as if it wrote nothing else: when it could be through.
  struct Backlog {
    TokenBucket bucket;
    TimePoint last_turn{};
  };

  void arm(std::size_t number);
  void arrive(std::size_t number);
  void tell_controller(const Playing& playing, std::uint64_t index);
  bool may_tell(const Playing& playing) const;  // else its controller has enough for now

  Kernel& kernel_;
  const WorkloadTable& workloads_;
  PodMakers makers_;
  LoadCompletion& completion_;
  std::vector<Playing> playing_;           // in order of adding
  std::map<OwnerKind, Backlog> backlogs_;  // of controllers with a limit
  std::uint64_t unsized_arrived_ = 0;
};

}  // namespace casim::sim

// One record per pod: when it was created, first seen unschedulable, bound, running, and how it
// ended. Folded from facts; at most 128 bytes a pod, kept to the end of the run.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/cluster/pod_tally.h"
#include "sim/events/facts.h"

namespace casim::sim {

// kTimeNever: has not happened.
struct PodRecord {
  TimePoint created{};
  TimePoint waits_from{};  // created, or out of its scheduling gates; kTimeNever behind them
  TimePoint unschedulable = kTimeNever;  // the condition was first written
  TimePoint seen = kTimeNever;           // start of the first loop that saw it unschedulable
  TimePoint bound = kTimeNever;
  TimePoint running = kTimeNever;
  TimePoint ended = kTimeNever;
  TimePoint room = TimePoint::min();  // until then the node that it is bound to had too little room
  std::uint64_t index = 0;            // row or ordinal in its workload
  WorkloadId workload;
  PodId replaces;  // the pod whose work it took over, if any
  NodeId node;     // that it is or was bound to
  bool daemon_set = false;
  bool has_ended = false;
  PodEnd how = PodEnd::kCompleted;  // when it has ended

  bool has_run() const { return running != kTimeNever; }

  bool is_bound() const { return bound != kTimeNever; }
};

static_assert(sizeof(PodRecord) <= 128);

class PodLedger : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;

  const std::vector<PodRecord>& pods() const { return pods_; }  // by PodId

  // The node that the pod was just bound to had too little room for it until then.
  void note_room(PodId pod, TimePoint until) { at(pod).room = until; }

  // How many pods are in each state now.
  PodTally counts() const;

  // Of the pods that workloads and traces asked for (DaemonSets apart), those of which at least one
  // incarnation ran.
  std::int64_t rows_run() const;

  // Pods that wait for ever though some group could take them: marked unschedulable, never bound,
  // not ended, and not among `unfit` (in order of id), those that fit nowhere. Without DaemonSets.
  std::int64_t unserved(const std::vector<PodId>& unfit) const;

 private:
  void on(TimePoint now, const PodCreated& fact);
  void on(TimePoint now, const PodGated& fact);
  void on(TimePoint now, const PodUngated& fact);
  void on(TimePoint now, const PodUnschedulable& fact);
  void on(TimePoint now, const PodBound& fact);
  void on(TimePoint now, const PodRunning& fact);
  void on(TimePoint now, const PodEnded& fact);
  void on(TimePoint now, const LoopStarted& fact);
  void on(TimePoint now, const PodsSeen& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // not about pods

  PodRecord& at(PodId id);

  std::vector<PodRecord> pods_;
  std::vector<TimePoint> loop_starts_;  // by LoopId
};

}  // namespace casim::sim

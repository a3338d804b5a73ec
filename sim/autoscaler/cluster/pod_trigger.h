// The autoscaler's informers in one: its listers, and the watch that starts a loop early when a pod
// turned unschedulable less than 10 s ago (autoscaler-algorithm.md 1.1).
#pragma once

#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/cluster/unschedulable_signal.h"
#include "sim/cluster/watch.h"
#include "src/core/clock.h"

namespace casim::sim {

// Upstream's UnschedulablePodObserver.
class PodTrigger : public Watcher {
 public:
  // All outlive it.
  PodTrigger(ClusterView& view, UnschedulableSignal& signal, const Clock& clock)
      : view_(view), signal_(signal), clock_(clock) {}

  void on_watch(const WatchEvent& event) override;

 private:
  bool is_trigger(const Pod& pod) const;

  ClusterView& view_;
  UnschedulableSignal& signal_;
  const Clock& clock_;
};

}  // namespace casim::sim

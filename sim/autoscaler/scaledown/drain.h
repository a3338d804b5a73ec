// Evicts the pods of a node and waits until they are gone. Source: autoscaler-algorithm.md 4.9.
#pragma once

#include <vector>

#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/autoscaler/cluster/cluster_writer.h"
#include "sim/autoscaler/cluster/event_recorder.h"
#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/order/order_policy.h"
#include "src/core/clock.h"

namespace casim::sim {

// Upstream's actuation.Evictor.
class Evictor {
 public:
  // All outlive it.
  Evictor(const AutoscalerOptions& options, ClusterWriter& writer, Clock& clock,
          const OrderPolicy& order, EventRecorder& events);

  // Evicts what has to go and waits until it is gone. DaemonSet pods are tried too; they may fail,
  // and nobody waits for them. `by`: the loop that decided it.
  Awaitable<Result<void>> drain(LoopId by, std::string node, std::vector<PodPtr> pods);
  // On an empty node: only DaemonSet pods, where wanted.
  Awaitable<void> evict_daemon_pods(LoopId by, std::vector<PodPtr> pods);

 private:
  Awaitable<void> evict(PodPtr pod, TimePoint retry_until, bool must_go, bool& done);
  Awaitable<bool> is_gone(PodPtr pod, std::string node);
  Awaitable<bool> wait_until_gone(std::string node, std::vector<PodPtr> pods);
  // All of them side by side; true if all those that must go were evicted.
  Awaitable<bool> evict_all(LoopId by, std::vector<PodPtr> must_go,
                            std::vector<PodPtr> best_effort);

  const AutoscalerOptions& options_;
  ClusterWriter& writer_;
  Clock& clock_;
  const OrderPolicy& order_;
  EventRecorder& events_;
};

}  // namespace casim::sim

// Deletes nodes: taints them at once, and in the background waits, evicts, and asks the provider.
// Source: autoscaler-algorithm.md 4.9, externalgrpc.md 3.4.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/cluster/node_writes.h"
#include "sim/autoscaler/clusterstate/cluster_state.h"
#include "sim/autoscaler/clusterstate/group_delays.h"
#include "sim/autoscaler/scaledown/budgets.h"
#include "sim/autoscaler/scaledown/drain.h"
#include "sim/autoscaler/scaledown/planner.h"
#include "src/async/task_scope.h"

namespace casim::sim {

// Upstream's actuation.Actuator with its GroupDeletionScheduler and NodeDeletionBatcher.
class Actuator {
 public:
  // All outlive it. Deletions run in the scope, on behalf of no loop.
  struct Ports {
    CloudProvider& provider;
    ClusterState& state;
    const ClusterView& view;
    ClusterWriter& writer;
    const Snapshot& snapshot;
    Clock& clock;
    const OrderPolicy& order;
    LoopObserver& observer;
    EventRecorder& events;
    TaskScope& scope;
    GroupDelays& delays;
  };

  Actuator(const AutoscalerOptions& options, Ports ports);

  // Taints the nodes that the budgets allow, and starts their deletion in the background. One of
  // kNoNodeDeleted, kNodeDeleteStarted, and kError: a taint could not be written, nothing started.
  Awaitable<ScaleDownResult> start_deletion(LoopId by, NodesToDelete nodes);

  // Deletions in progress, live.
  const DeletionTracker& tracker() const { return tracker_; }

  // Taints and cordons, also for the repairs of a first loop and for soft taints.
  NodeWrites& writes() { return writes_; }

 private:
  Awaitable<std::vector<DeletionBucket>> bucketed(LoopId by, std::vector<NodePtr> nodes);
  Awaitable<void> measure_atomic(LoopId by, DeletionBucket& bucket);
  Awaitable<bool> taint_all(LoopId by, std::vector<DeletionBucket> buckets);
  // `error`: what it was refused with.
  Awaitable<void> taint(NodePtr node, std::string& error);
  Awaitable<void> report(LoopId by, const DeletionBucket& bucket, bool drain);

  Awaitable<void> delete_bucket(DeletionBucket bucket, bool drain);
  Awaitable<void> delete_node(NodePtr node, NodeInfo info, NodeGroupPtr group, int batch_size,
                              bool drain);
  // Empty nodes must still be empty; drained ones may not be blocked. Why it may not; empty: it
  // may.
  std::string_view obstacle(const NodeInfo& info, bool drain);
  NodeInfo current(const NodePtr& node) const;
  Awaitable<void> enqueue(NodePtr node, NodeGroupPtr group, int batch_size, bool is_atomic);
  Awaitable<void> flush_later(std::string group);
  Awaitable<void> delete_at_provider(std::vector<NodePtr> nodes, std::string group);
  void note_removed(const NodePtr& node, const std::string& group);

  // Why a removal is given up: upstream's NodeDeleteResultType, and what it says in detail.
  struct Failure {
    std::string_view reason;
    std::string detail;
  };

  Awaitable<void> abort(NodePtr node, std::string group, Failure why);
  Awaitable<void> give_up(NodePtr node, std::string group, Failure why);
  void end(const NodePtr& node, const std::string& group);

  const AutoscalerOptions& options_;
  Ports ports_;
  DeletionTracker tracker_;
  NodeWrites writes_;
  Evictor evictor_;
  std::map<std::string, std::vector<NodePtr>> queue_;    // atomic groups: ready ones, by group
  std::map<std::string, std::vector<NodePtr>> batches_;  // waiting for the batch interval
  std::set<std::string> failed_groups_;                  // since the last start
  std::map<std::string, LoopId> decided_by_;             // of each deletion in progress
};

}  // namespace casim::sim

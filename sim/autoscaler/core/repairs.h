// Repairs at the start of a loop: instances that never registered or failed to start are deleted,
// targets that stay too high are lowered. Source: autoscaler-algorithm.md 1.5.
#pragma once

#include "sim/autoscaler/clusterstate/cluster_state.h"

namespace casim::sim {

// Upstream's removeOldUnregisteredNodes, deleteCreatedNodesWithErrors and fixNodeGroupSize.
class Repairs {
 public:
  // All outlive it.
  Repairs(const AutoscalerOptions& options, CloudProvider& provider, ClusterState& state,
          const OrderPolicy& order, LoopObserver& observer, EventRecorder& events);

  // Instances without a node for longer than their group allows, down to its minimum.
  Awaitable<void> remove_old_unregistered(LoopId by, TimePoint now);
  // Instances that reported an error while they were created.
  Awaitable<void> delete_failed_instances(LoopId by);
  // True: fixed something, so the loop ends. An error aborts it.
  Awaitable<Result<bool>> fix_group_sizes(LoopId by, TimePoint now);

 private:
  using NodesByGroup = std::map<std::string, std::vector<NodePtr>>;

  Awaitable<Result<NodesByGroup>> old_unregistered(LoopId by, TimePoint now);
  // False ends the pass.
  Awaitable<bool> remove_from(LoopId by, NodeGroupPtr group, std::vector<NodePtr> nodes);
  // For a group that scales only from zero to max: all its instances.
  Awaitable<Result<std::vector<NodePtr>>> widened(LoopId by, NodeGroupPtr group,
                                                  std::vector<NodePtr> nodes);
  Awaitable<std::map<std::string, NodeGroupPtr>> groups_by_id(LoopId by);
  void report(LoopId by, const NodeGroup& group, const std::vector<NodePtr>& nodes,
              std::string_view reason, const Result<void>& reply);

  const AutoscalerOptions& options_;
  CloudProvider& provider_;
  ClusterState& state_;
  const OrderPolicy& order_;
  LoopObserver& observer_;
  EventRecorder& events_;
};

}  // namespace casim::sim

// The scale-down plan: which nodes are unneeded, and which of them to delete now. Source:
// autoscaler-algorithm.md 4.4 and 4.7.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/autoscaler/observers/reason_log.h"
#include "sim/autoscaler/scaledown/eligibility.h"
#include "sim/autoscaler/scaledown/unneeded.h"
#include "sim/autoscaler/simulator/compute_time.h"

namespace casim::sim {

// What a loop deletes, within no budget yet.
struct NodesToDelete {
  std::vector<NodePtr> empty;
  std::vector<NodePtr> drain;
};

// Upstream's planner.Planner.
class ScaleDownPlanner {
 public:
  // All outlive it.
  struct Ports {
    CloudProvider& provider;
    Snapshot& snapshot;
    const ClusterView& view;
    Clock& clock;
    const ComputeTime& compute_time;
    const OrderPolicy& order;
    LoopObserver& observer;
    bool checks = false;  // compares what is left out with what it would have been
  };

  ScaleDownPlanner(const AutoscalerOptions& options, Ports ports);

  // One planning step over the loop's snapshot, which is as before at the end. `destinations`:
  // nodes that pods may be moved to; they outlive the call. `deletions`: as they stood at the
  // loop's start.
  Awaitable<void> update(LoopId by, const std::vector<NodePtr>& destinations,
                         std::vector<NodePtr> candidates, DeletionTracker deletions, LoopTime time);
  // Of the unneeded nodes those that have been so for long enough and are above all limits. None
  // after an error of the provider, which nobody sees.
  Awaitable<NodesToDelete> nodes_to_delete(LoopId by);

  // As of the last step, by name.
  std::vector<NodePtr> unneeded() const { return unneeded_.nodes(); }

  // Their times start anew.
  void forget_unneeded() { unneeded_.clear(); }

  UnneededNodes& unneeded_nodes() { return unneeded_; }

  // The loop's, to be reset at its start.
  PdbTracker& pdbs() { return pdbs_; }

  // What upstream's report of a loop asks for: the groups of the nodes that the last step found
  // unremovable. The provider is asked again for those that are gone since, when a loop ends before
  // its step, and for those whose group it could not say.
  Awaitable<void> look_up_unremovable(LoopId by);

  // Reports what has changed in why the candidates stay. Once at the end of each loop that planned.
  void report_reasons(LoopId by);

 private:
  using Destinations = std::vector<bool>;  // by slot of the snapshot

  Awaitable<void> categorize(LoopId by, const std::vector<NodePtr>& destinations,
                             std::vector<NodePtr> candidates, LoopTime time);
  Destinations slots_of(const std::vector<NodePtr>& destinations) const;

  bool is_in_deletion(const Node& node) const {
    return !deletions_.is_idle() && deletions_.contains(node.name);
  }

  Awaitable<bool> is_atomic(LoopId by, NodePtr node);
  std::size_t unneeded_limit() const;
  void note(LoopId by, const UnremovableNode& node);
  void note_removable(LoopId by, const NodePtr& node);
  // Places for pods that were evicted and not yet created again.
  void place_evicted();
  // Groups that scale only as a whole are complete or left out.
  Awaitable<std::vector<NodeToBeRemoved>> without_parts(LoopId by,
                                                        std::vector<NodeToBeRemoved> nodes);
  // Empty: the nodes are the whole group.
  Awaitable<std::string_view> reason_against(LoopId by, NodeGroupPtr group, std::size_t nodes);

  const AutoscalerOptions& options_;
  Ports ports_;
  UnneededNodes unneeded_;
  EligibilityChecker eligibility_;
  RemovalSimulator removal_;
  HintingSimulator evicted_;
  PdbTracker pdbs_;
  DeletionTracker deletions_;
  RecentlyUnremovable recently_unremovable_;
  std::vector<NodePtr> unremovable_;  // by the last step
  TimePoint latest_update_{};
  bool updated_before_ = false;
  Duration min_interval_;
  ReasonLog reasons_;
};

}  // namespace casim::sim

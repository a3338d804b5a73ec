// The units of one autoscaler and what it remembers between loops. Internal to Autoscaler.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/cluster/event_recorder.h"
#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/autoscaler/core/autoscaler.h"
#include "sim/autoscaler/core/degradation.h"
#include "sim/autoscaler/core/filter_schedulable.h"
#include "sim/autoscaler/core/repairs.h"
#include "sim/autoscaler/scaledown/actuation.h"
#include "sim/autoscaler/scaledown/candidates.h"
#include "sim/autoscaler/scaledown/planner.h"
#include "sim/autoscaler/scaleup/scale_up.h"
#include "sim/autoscaler/simulator/snapshot_cache.h"

namespace casim::sim {

// What one RunOnce carries from step to step.
struct RunOnceContext {
  LoopId id;
  LoopTime time;
  NodeLists nodes;
  PodBuckets pods;
  DeletionTracker deletions;  // as they stood at the start
  bool scale_down_disabled = false;
  LoopResults results;
  bool has_state = false;  // from step 17 on: the status is written at the end
};

// What Autoscaler is made of.
struct Autoscaler::State {
  State(AutoscalerOptions options, AutoscalerPorts ports);

  using Error = std::optional<AutoscalerErrorType>;

  Awaitable<LoopEnd> run(RunOnceContext& run);
  // Steps 1, 4: taints left by an earlier life; nodes with their masks.
  Awaitable<void> clean_up_once(LoopId by);
  Awaitable<NodeLists> obtain_nodes(LoopId by);
  Awaitable<NodeLists> mask_gpu_nodes(LoopId by, NodeLists nodes);
  Awaitable<void> look_up_templates(LoopId by, const NodeLists& nodes);
  // Steps 10 to 16.
  Awaitable<Error> refresh_state(RunOnceContext& run);
  // Steps 18 to 21. None: the loop goes on.
  Awaitable<std::optional<LoopEnd>> repair(RunOnceContext& run);
  // Takes the time that a part of the loop computes.
  Awaitable<void> compute(ComputeWork work);
  // Step 23.
  Awaitable<void> add_upcoming(RunOnceContext& run);
  bool should_scale_up(RunOnceContext& run, const std::vector<PodPtr>& pods);
  // Step 28: one scale-up, or a salvo of them.
  Awaitable<void> scale_up_pods(RunOnceContext& run, std::vector<PodPtr> pods,
                                std::vector<NodePtr> nodes);
  // What a scale-up has ordered, as nodes of the snapshot that hold its pods; they join `nodes`.
  // False: a pod found no place.
  Awaitable<bool> add_ordered(RunOnceContext& run, std::uint64_t salvo, ScaleUpOutcome ordered,
                              std::vector<NodePtr>& nodes);
  // Reports those that no loop has seen unschedulable before.
  void note_unschedulable(LoopId by, const std::vector<PodPtr>& pods);
  void note_scale_up(RunOnceContext& run, const ScaleUpOutcome& outcome);
  void report_results(const RunOnceContext& run);
  // Step 29.
  Awaitable<Error> scale_down(RunOnceContext& run);
  Awaitable<void> plan_scale_down(RunOnceContext& run, std::vector<NodePtr> candidates);
  Awaitable<void> update_soft_taints_of(RunOnceContext& run);
  Awaitable<std::vector<NodePtr>> nodes_of_groups(LoopId by, const std::vector<NodePtr>& nodes);
  bool is_in_cooldown(const RunOnceContext& run) const;
  Awaitable<void> write_status(RunOnceContext& run);

  AutoscalerOptions options;
  AutoscalerPorts ports;
  TaskScope scope;
  EventRecorder events;
  TaintRules taints;
  Snapshot snapshot;
  SnapshotCache snapshot_cache;
  GroupDelays delays;
  TemplateRegistry templates;
  ClusterState state;
  Repairs repairs;
  PodListProcessor pod_list;
  ScaleUpOrchestrator scale_up;
  CandidateOrder candidate_order;
  ScaleDownPlanner planner;
  Actuator actuator;

  Degradation degradation;
  std::uint32_t loops = 0;
  LabelledNodes gpu_nodes;
  bool initialized = false;
  TimePoint last_scale_up_time{};
  TimePoint last_scale_down_delete_time{};
  TimePoint last_scale_down_fail_time{};
  LoopResults reported_results;
  NodeMarks previous_candidates;  // unneeded in the last planning
  std::map<std::string, int> candidate_counts;  // the same, by group
  // Pods without a node that some loop saw unschedulable.
  boost::unordered_flat_set<PodId, std::hash<PodId>> known_unschedulable;
};

}  // namespace casim::sim

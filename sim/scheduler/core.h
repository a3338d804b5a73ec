// What is behind Scheduler: pods and nodes as seen, the queue, the serial loop and its timers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/cluster/claim_zones.h"
#include "sim/scheduler/candidates.h"
#include "sim/scheduler/hints.h"
#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/preemption.h"
#include "sim/scheduler/queue.h"
#include "sim/scheduler/scheduler.h"
#include "sim/scheduler/scores.h"

namespace casim::sim {

class Scheduler::Core {
 public:
  Core(Kernel& kernel, ApiClient& api, SchedulerConfig config);
  ~Core();

  // --- watch events, each applied at once
  void on(const PodChanged& event);
  void on(const PodRemoved& event);
  void on(const NodeChanged& event);
  void on(const NodeRemoved& event);
  void on(const PdbChanged& event);

  SchedulerStats stats;
  std::function<void(const Attempt&)> observer;

 private:
  // What is known of one pod: waiting, assumed on a node and not confirmed, or on a node.
  struct PodEntry {
    QueueHandle waiting;   // also while its binding is under way
    NodeId node;           // counted in nodes_ there
    bool assumed = false;  // the watch has not shown the binding yet
    NodeId nominated;      // counted there as nominated
  };

  // Victims on their way out, of one preemptor.
  struct Eviction {
    PodId preemptor;
    std::vector<PodId> cleared;  // lose their nomination first
    std::vector<PodOnNode> victims;
    std::size_t open = 0;  // of all but the last victim
  };

  using EvictionPtr = std::shared_ptr<Eviction>;

  // --- the serial loop
  void wake();
  void run();
  void attempt(QueueHandle handle);
  Choice decide(QueuedPod& pod, Refusal& refusal);
  Choice decide_target(const QueuedPod& pod, ClassCandidates& candidates, Refusal& refusal);
  std::size_t wanted(std::size_t nodes) const;
  void place(QueueHandle handle, NodeId node);
  void on_bound(PodId pod, NodeId node, bool is_ok);
  void fail(QueueHandle handle, Refusal& refusal);

  // --- preemption
  // What the pod's status shall say about its nomination; none: nothing new.
  std::optional<std::string> preempt(QueuedPod& pod, Refusal& refusal, EvictionPtr& eviction);
  bool may_preempt(const QueuedPod& pod, const ClassCandidates& among, Refusal& refusal) const;
  std::vector<NodeId> potential_nodes(const QueuedPod& pod, const ClassCandidates& among,
                                      const Refusal& refusal) const;
  EvictionPtr make_eviction(const QueuedPod& pod, const Victims& victims) const;
  void clear_next(const EvictionPtr& eviction);
  void evict_all(const EvictionPtr& eviction);
  void evict_last(const EvictionPtr& eviction);
  void evict(const PodOnNode& victim, const std::function<void()>& then);
  QueuedPod* find_waiting(PodId pod);
  bool is_preempting(const QueuedPod& pod) const;
  void set_nomination(PodId pod, const PodSpecPtr& spec, const std::string& node);
  void show_nomination(const Pod& pod);

  // --- what the watch shows
  void enqueue(const Pod& pod);
  void show_claims(const Pod& pod, QueueHandle handle);
  void show_on_node(const Pod& pod, PodEntry& known);
  void forget_waiting(PodEntry& known);
  void move_for_gone_pod(const PodSpec& gone, std::int32_t up_to_priority = INT32_MAX);
  void move_for_bound_pod(const PodSpec& bound);
  void move_for_node(const NodeEvent& event);
  // Lets the queue move pods, but for those that are held back by their own preemption.
  template <class Helps>
  void move(bool is_pod_gone, Helps helps);

  // --- timers
  void arm_timers();
  void arm_flush();
  void arm_sweep();

  ClassCandidates& candidates(ClassId id);

  Kernel& kernel_;
  ApiClient& api_;
  SchedulerConfig config_;
  TimePoint start_;
  NodeTable nodes_;
  ClaimZones claims_;  // also of pods that are only assumed on their nodes
  WindowScorer scorer_;
  PodClasses classes_;
  SchedulingQueue queue_;
  Preemption preemption_;
  boost::unordered_flat_map<PodId, PodEntry, std::hash<PodId>>
      pods_;  // lookups only, never iterated

  // The cached candidates of one class of pods; the least recently used ones are dropped.
  struct ClassEntry {
    std::unique_ptr<ClassCandidates> candidates;
    std::uint64_t used = 0;
    // The last search for victims that found none: it finds none while nothing changes.
    std::uint64_t in_vain_at = UINT64_MAX;
    std::uint64_t in_vain_message = 0;
  };

  std::vector<ClassEntry> class_entries_;  // by ClassId
  std::size_t class_entry_count_ = 0;
  std::uint64_t uses_ = 0;

  std::size_t next_start_ = 0;  // where the next cycle begins to examine nodes
  bool is_blocked_ = false;     // the loop waits for a status write or for an attempt's duration
  bool is_awake_ = false;       // run() is queued
  TimePoint flush_at_ = kTimeNever;
  EventHandle flush_{};
  bool has_sweep_ = false;
  EventHandle sweep_{};
  // Answers that come after a restart find nobody.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace casim::sim

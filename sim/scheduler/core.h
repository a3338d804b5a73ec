// What is behind Scheduler: pods and nodes as seen, the queue, the serial loop and its timers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/scheduler/candidates.h"
#include "sim/scheduler/hints.h"
#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/queue.h"
#include "sim/scheduler/scheduler.h"
#include "sim/scheduler/scores.h"

namespace casim::sim {

class Scheduler::Core {
 public:
  Core(Kernel& kernel, ApiClient& api, SchedulerConfig config);
  ~Core();

  void on(const PodChanged& event);
  void on(const PodRemoved& event);
  void on(const NodeChanged& event);
  void on(const NodeRemoved& event);

  SchedulerStats stats;
  std::function<void(const Attempt&)> observer;

 private:
  // A pod that is known: waiting, placed by us and unconfirmed, or on a node.
  struct Known {
    QueueHandle waiting;   // also while its binding is under way
    NodeId node;           // counted in nodes_ there
    bool assumed = false;  // the watch has not shown the binding yet
  };

  // --- the serial loop
  void wake();
  void run();
  void attempt(QueueHandle handle);
  Choice decide(QueuedPod& pod, Refusal& refusal);
  Choice decide_target(const QueuedPod& pod, ClassCandidates& candidates, Refusal& refusal);
  std::size_t wanted(std::size_t nodes) const;
  void place(QueueHandle handle, NodeId node);
  void on_bound(PodId pod, NodeId node, bool is_ok);
  void fail(QueueHandle handle, const Refusal& refusal);

  // --- what the watch shows
  void enqueue(const Pod& pod);
  void show_on_node(const Pod& pod, Known& known);
  void forget_waiting(Known& known);
  void move_for_gone_pod(const PodSpec& gone);
  void move_for_node(const NodeEvent& event);

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
  WindowScorer scorer_;
  PodClasses classes_;
  SchedulingQueue queue_;
  boost::unordered_flat_map<PodId, Known, std::hash<PodId>> pods_;  // lookups only, never iterated

  struct Kept {
    std::unique_ptr<ClassCandidates> candidates;
    std::uint64_t used = 0;
  };

  std::vector<Kept> kept_;  // by ClassId
  std::size_t kept_count_ = 0;
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

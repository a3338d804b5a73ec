// kube-scheduler, by the rules of 1.36: which waiting pod is tried when, on which node it is put,
// and what that costs in writes. Sees the world through its watch, acts through its API client.
// Source: algorithm section 5.
//
// One cycle at a time. Finding a node takes no virtual time unless attempt_duration says so; the
// write of a failed attempt's status is waited for, a binding is not. Plain events in
// Phase::kScheduler: a scheduler is added as watcher, and its client is made, in that phase.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/apiserver/api_client.h"
#include "sim/cluster/watch.h"
#include "sim/kernel/kernel.h"
#include "src/core/distribution.h"

namespace casim::sim {

// Settings under the names of KubeSchedulerConfiguration where there is one.
struct SchedulerConfig {
  std::string name = "default-scheduler";  // takes the pods that name it
  Duration initial_backoff = std::chrono::seconds(1);
  Duration max_backoff = std::chrono::seconds(10);
  bool pop_from_backoff = true;  // 1.33 and later
  // Waiting pods without any event are tried again when their last attempt is this old.
  Duration max_in_unschedulable = std::chrono::minutes(5);
  Duration sweep_interval = std::chrono::seconds(30);
  int percentage_of_nodes_to_score = 0;  // 0: adaptive, from 50 % down to 5 %
  // Serial time of one attempt, before it looks at the world: 1/270 s at 5,000 nodes (algorithm
  // 5.4). Default none, as the measurements of the real code were made.
  Duration attempt_duration{};
  // Of what upstream leaves to chance in a preemption: where the search begins, and ties.
  std::uint64_t seed = 0;
};

// Counts since the scheduler's start.
struct SchedulerStats {
  std::uint64_t attempts = 0;
  std::uint64_t unschedulable = 0;  // attempts that found no node
  std::uint64_t bound = 0;
  std::uint64_t bind_errors = 0;
  std::uint64_t status_writes = 0;
  std::uint64_t preemptions = 0;  // attempts that chose victims
  std::uint64_t victims = 0;      // pods whose deletion was asked for
};

// One scheduling attempt and how it ended.
struct Attempt {
  PodId pod;
  NodeId node;  // none: failed
};

// One kube-scheduler process.
class Scheduler : public Watcher {
 public:
  // Kernel and client outlive it. Its timers count from now.
  Scheduler(Kernel& kernel, ApiClient& api, SchedulerConfig config);
  ~Scheduler() override;  // a restart: take it off its watch, destroy it, make a new one

  void on_watch(const WatchEvent& event) override;

  const SchedulerStats& stats() const;
  // Called for every attempt, after the decision. For tests and traces.
  void observe(std::function<void(const Attempt&)> observer);

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace casim::sim

// From bound to running, completed or stopped: what kubelets do with pods. A bound pod starts after
// a latency that stands for watch, volumes, sandbox and containers (algorithm 5.5), runs for its
// run time and completes. A pod that is being deleted is gone after its grace period, or as soon
// as its containers have stopped. On a machine that stopped nothing happens any more: its pods end
// as lost when their Node object goes.
// Plain events only, one pending per pod; of a pod that just runs, only a map entry is kept.
// Draws are named by (workload, index, incarnation). Image pulls are not modelled yet.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/kernel/kernel.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

struct PodRunnerConfig {
  // Assumed: the start-up SLO is 5 s at p99 without image pulls (algorithm 5.5).
  Distribution start = Distribution::from_quantiles(1.5, 4);
  // Assumed: from SIGTERM to the end of the last container, cut by the grace period.
  Distribution stop = Distribution::from_quantiles(1, 10);
  Duration watch_delay{};  // in `start` already, so none of its own
};

class PodRunner final : public Watcher {
 public:
  // How long the pod runs once it is running; nothing: until somebody stops it.
  using RunFor = std::move_only_function<std::optional<Duration>(PodId) const>;

  // All of them outlive the runner.
  PodRunner(Kernel& kernel, ApiServer& api, const Random& random, RunFor run_for,
            PodRunnerConfig config);
  ~PodRunner() override;
  PodRunner(const PodRunner&) = delete;
  PodRunner& operator=(const PodRunner&) = delete;

  void on_watch(const WatchEvent& event) override;

  // The machine is off: no pod of it starts, completes or finishes its deletion any more.
  void stop_node(NodeId node);

 private:
  struct Task {
    EventHandle next;
    bool is_stopping = false;
  };

  void on_changed(const Pod& pod);
  void begin(const Pod& pod);
  void run(PodId id);
  void stop(const Pod& pod);
  bool is_off(NodeId node) const;
  double draw(const char* purpose, const Pod& pod) const;

  Kernel& kernel_;
  ApiServer& api_;
  const Random& random_;
  RunFor run_for_;
  PodRunnerConfig config_;
  boost::unordered_flat_map<PodId::rep, Task> tasks_;  // looked up, never walked
  std::vector<bool> off_;                              // by NodeId
};

}  // namespace casim::sim

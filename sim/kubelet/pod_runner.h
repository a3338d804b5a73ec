// From bound to running, completed or stopped: what kubelets do with pods. A bound pod starts after
// a latency that stands for watch, volumes, sandbox and containers (algorithm 5.5), runs for its
// run time and completes. A pod that is being deleted is gone after its grace period, or as soon
// as its containers have stopped. On a machine that stopped nothing happens any more: its pods end
// as lost when their Node object goes. If it boots again they start anew, where they are, and run
// their whole time (assumed: restartPolicy is not Never).
// Plain events only, one pending per pod; of a pod that just runs, only a map entry is kept.
// Draws are named by (workload, index, incarnation), those of image pulls by node and image.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/image_puller.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

struct PodRunnerConfig {
  // Assumed: the start-up SLO is 5 s at p99 without image pulls (algorithm 5.5).
  Distribution start = Distribution::from_quantiles(1.5, 4);
  // Assumed: from SIGTERM to the end of the last container, cut by the grace period.
  Distribution stop = Distribution::from_quantiles(1, 10);
  Duration watch_delay{};                      // in `start` already, so none of its own
  std::optional<ImagePullConfig> image_pulls;  // before `start`; none: every image is there
  std::function<bool(PodId)> fails;            // at the end of its run; none: nobody does
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
  // It has booted again, and can run pods.
  void start_node(NodeId node);
  // Its kubelet hears of nothing, and nobody of it; what runs goes on. A node that is off stays so.
  void cut_off(NodeId node);
  // What has happened meanwhile is told, and what was asked for done.
  void reconnect(NodeId node);

 private:
  enum class Link : std::uint8_t { kUp, kCut, kOff };

  // What nobody has heard of yet.
  struct Untold {
    bool is_running = false;
    bool has_ended = false;
  };

  struct Task {
    EventHandle next;
    bool is_stopping = false;
    Untold untold;
  };

  void on_changed(const Pod& pod);
  void begin(const Pod& pod);
  Duration pull(const Pod& pod);
  void run(PodId id);
  void finish(PodId id);
  void stop(const Pod& pod);
  void tell(PodId id);
  Link link_of(NodeId node) const;
  void set_link(NodeId node, Link link);
  double draw(const char* purpose, const Pod& pod) const;

  Kernel& kernel_;
  ApiServer& api_;
  const Random& random_;
  RunFor run_for_;
  PodRunnerConfig config_;
  std::optional<ImagePuller> puller_;
  boost::unordered_flat_map<PodId::rep, Task> tasks_;  // looked up, never walked
  std::vector<Link> links_;                            // by NodeId
};

}  // namespace casim::sim

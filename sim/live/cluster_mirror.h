// A fleet in a real cluster: its nodes at the API server, and the pods there that are bound to
// them.
#pragma once

#include <functional>
#include <string>

#include "sim/live/kube_api.h"
#include "sim/live/live_fleet.h"
#include "sim/live/node_mirror.h"
#include "sim/live/pod_player.h"
#include "src/async/semaphore.h"
#include "src/async/task_scope.h"
#include "src/core/clock.h"

namespace casim::sim {

class ClusterMirror {
 public:
  struct Ports {  // all outlive it
    LiveFleet& fleet;
    Kernel& world;  // of the fleet
    KubeApi& kube;
    Clock& clock;  // of the real cluster
    asio::any_io_executor executor;
    std::function<void(const std::string&)> complain;  // of what is tried again
  };

  ClusterMirror(Ports ports, PodRunnerConfig pods);
  // Requires: never started, or cancelled, and the executor polled until it is_over().
  ~ClusterMirror();

  // Deletes what an earlier session left, then writes the fleet's nodes, and goes on until it is
  // cancelled. `on_refused`: the API server refused the very first of it, and nothing was begun.
  void start(std::function<void(const Error&)> on_refused);
  void cancel();

  bool is_over() const { return scope_.empty(); }

  const NodeMirror::Totals& nodes() const { return nodes_.totals(); }

  const PodPlayer::Totals& pods() const { return pods_.totals(); }

 private:
  Awaitable<void> begin(std::function<void(const Error&)> on_refused);

  LiveFleet& fleet_;
  TaskScope scope_;
  Semaphore turns_;
  NodeMirror nodes_;
  PodPlayer pods_;
  bool is_watching_ = false;
};

}  // namespace casim::sim

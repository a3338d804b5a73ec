// A fleet behind a real port, on the real clock or faster: what a real cluster-autoscaler talks to.
// One thread, and that of gRPC's queue.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/live/cluster_mirror.h"
#include "sim/live/kube_api.h"
#include "sim/live/live_fleet.h"
#include "sim/scenario/scenario.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/result.h"

namespace casim::sim {

// Makes the way to a real API server.
using KubeFactory = std::function<std::unique_ptr<KubeApi>(Clock&, asio::any_io_executor)>;

struct LiveOptions {
  std::string address = "127.0.0.1:8086";  // "host:port"; port 0: one that is free
  double speed = 1;                        // virtual time per real time, at least 1
  std::vector<FactSink*> listeners = {};   // outlive the session
  KubeFactory kube = {};                   // where the nodes are written; none: nowhere
  std::function<void(const std::string&)> complain = [](const std::string&) {};
};

class LiveSession {
 public:
  // Listens at once. Requires: a valid scenario. Throws std::runtime_error when the address cannot
  // be had, or EC2 does not hold the initial nodes.
  LiveSession(const Scenario& scenario, LiveOptions options);
  ~LiveSession();

  int port() const;
  LiveFleet& fleet();
  TimePoint now() const;                   // virtual
  asio::any_io_executor executor() const;  // for signals and sockets
  const ClusterMirror* mirror() const;     // null: there is none

  // Serves until somebody asks for a stop; calls in flight are answered first. What a handler or an
  // event throws leaves it, and then only reading is left. An error: the API server refused what
  // comes first, so that nothing was written.
  Result<void> run();
  void request_stop();  // any thread, once or more often

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim

// The machines of a scenario, their nodes and the provider that orders them, without anybody who
// orders: EC2, kubelets, the controllers of nodes and the real provider, on one kernel. Whoever
// carries calls to the service is the autoscaler. There are no pods in it.
//
// The kernel may be run by itself, or paced by the real clock (live_session.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/apiserver/node_heartbeats.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/node_life.h"
#include "sim/live/fleet_account.h"
#include "sim/scenario/scenario.h"
#include "src/provider/types.h"
#include "src/server/provider_service.h"

namespace casim::sim {

class LiveFleet {
 public:
  // Requires: a valid scenario; the kernel outlives it. `listeners` hear of all facts and outlive
  // it too. Throws std::runtime_error where EC2 does not hold the initial nodes.
  LiveFleet(const Scenario& scenario, Kernel& kernel, std::vector<FactSink*> listeners);
  // Stops it, if nobody did (sim/world/tear_down.h).
  ~LiveFleet();

  // Ends the provider. Requires: the kernel runs no more events; settles it. Throws what tasks
  // throw as they unwind.
  void stop();

  server::ProviderService& service();
  const std::vector<provider::GroupConfig>& groups() const;
  int target_size(const std::string& group) const;

  // What kubelets and controllers have written. Everything happens at its instant: a reader sees it
  // without delay.
  ApiServer& api();
  const NodeHeartbeats& heartbeats() const;
  const NodeLife& nodes() const;
  const Random& random() const;

  FleetAccount account() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim

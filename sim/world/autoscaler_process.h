// The autoscaler as a process: what a restart takes away. Its memory, its client's caches and its
// API client's tokens go, its calls of the provider are cancelled, deletions end half-way; what it
// asked of the API server and has not had its turn is never sent. Its listers and everything
// outside stay.
//
// A crash ends it at once. With leader election a standby takes over when the lease has run out;
// without, it is restarted. An outage of the API server ends it too when it cannot renew its lease;
// without leader election its loops only fail. The kubelet asks /health-check every probe period,
// counted from the process's start. It kills the container when so many answers in a row were bad;
// a new process starts a restart time later. The last RPC of a real one, Cleanup, changes nothing
// here and is left out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "sim/apiserver/api_server.h"
#include "sim/autoscaler/core/autoscaler.h"
#include "sim/events/facts.h"
#include "sim/faults/process_outages.h"
#include "sim/kernel/kernel.h"
#include "sim/scenario/scenario.h"
#include "sim/world/leader_election.h"

namespace casim::sim {

class AutoscalerProcess final : public RecoveringProcess {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    ApiServer& api;
    ProviderRpc& rpc;
    const ClusterView& view;
    UnschedulableSignal& signal;
    const ComputeTime& compute_time;
    OrderPolicy& order;
    const Random& random;
    LoopObserver& observer;
    FactSink& facts;
    bool checks = false;                    // of what is kept from loop to loop (AutoscalerPorts)
    std::function<void()> on_started = {};  // a new process has new connections
  };

  AutoscalerProcess(const AutoscalerScenario& scenario, Ports ports);
  // Stops it, if nobody did (tear_down.h).
  ~AutoscalerProcess() override;
  AutoscalerProcess(const AutoscalerProcess&) = delete;
  AutoscalerProcess& operator=(const AutoscalerProcess&) = delete;

  void start();
  void crash(std::optional<Duration> down_for) override;
  // The end of the world. Requires: the kernel runs no more events; settles it. Throws what tasks
  // throw as they unwind.
  void stop();

 private:
  struct Running;

  // Looks again when the process could have become unhealthy.
  void watch();
  void probe(int failed_before);
  void kill();
  void end();
  void restart(TimePoint at);

  AutoscalerScenario scenario_;
  AutoscalerOptions options_;
  Ports ports_;
  std::optional<LeaderElection> election_;  // none: --leader-elect=false
  std::uint32_t life_ = 0;
  std::uint32_t loops_ = 0;  // of earlier lives: the numbers go on
  TimePoint started_{};
  std::unique_ptr<Running> running_;
  std::unique_ptr<Running> dying_;  // its tasks unwind
};

}  // namespace casim::sim

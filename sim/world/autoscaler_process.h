// The autoscaler as a process: what a restart takes away. Its memory, its client's caches and its
// API client's tokens go, deletions end half-way; its listers and everything outside stay.
//
// The kubelet asks /health-check every probe period, counted from the process's start. It kills the
// container when so many answers in a row were bad; a new process starts a restart time later. The
// last RPC of a real one, Cleanup, changes nothing here and is left out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sim/apiserver/api_server.h"
#include "sim/autoscaler/core/autoscaler.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

class AutoscalerProcess {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    ApiServer& api;
    ProviderRpc& rpc;
    const ClusterView& view;
    UnschedulableSignal& signal;
    const ComputeTime& compute_time;
    OrderPolicy& order;
    LoopObserver& observer;
    FactSink& facts;
    std::function<void()> on_started = {};  // a new process has new connections
  };

  AutoscalerProcess(const AutoscalerScenario& scenario, Ports ports);
  // Stops it, if nobody did (tear_down.h).
  ~AutoscalerProcess();
  AutoscalerProcess(const AutoscalerProcess&) = delete;
  AutoscalerProcess& operator=(const AutoscalerProcess&) = delete;

  void start();
  // The end of the world. Requires: the kernel runs no more events; settles it. Throws what tasks
  // throw as they unwind.
  void stop();

 private:
  struct Running;

  // Looks again when the process could have become unhealthy.
  void watch();
  void probe(int failed_before);
  void kill();

  AutoscalerScenario scenario_;
  AutoscalerOptions options_;
  Ports ports_;
  std::uint32_t life_ = 0;
  std::uint32_t loops_ = 0;  // of earlier lives: the numbers go on
  TimePoint started_{};
  std::unique_ptr<Running> running_;
  std::unique_ptr<Running> dying_;  // its tasks unwind
};

}  // namespace casim::sim

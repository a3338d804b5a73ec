// kube-scheduler as a process: what a new leader does not know. Its queue, its backoffs and what it
// has assumed go with it; it lists all there is, and tries every waiting pod at once.
#pragma once

#include <optional>

#include "sim/apiserver/api_server.h"
#include "sim/events/facts.h"
#include "sim/kernel/kernel.h"
#include "sim/scenario/scenario.h"
#include "sim/scheduler/scheduler.h"
#include "sim/world/leader_election.h"

namespace casim::sim {

class SchedulerProcess {
 public:
  struct Parts {  // all outlive it
    Kernel& kernel;
    ApiServer& api;
    const Random& random;
    FactSink& facts;
  };

  SchedulerProcess(const Scenario& scenario, Parts parts);
  SchedulerProcess(const SchedulerProcess&) = delete;
  SchedulerProcess& operator=(const SchedulerProcess&) = delete;

  void start();

 private:
  void end();

  SchedulerScenario scenario_;
  std::uint64_t seed_;
  Parts parts_;
  LeaderElection election_;
  ApiClient* client_ = nullptr;
  std::optional<Scheduler> running_;
};

}  // namespace casim::sim

// The controllers of Deployments, StatefulSets and DaemonSets in a world, and the load that they
// keep up.
#pragma once

#include <cstdint>

#include "sim/load/controlled_load.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/pod_informer.h"

namespace casim::sim {

class SetControllers {
 public:
  struct Parts {
    ApiServer& api;
    const Random& random;
    const WorkloadTable& workloads;
    LoadCompletion& completion;
    ReplicaSetController& replica_sets;
  };

  SetControllers(const Scenario& scenario, const Parts& parts);

  void listen(PodInformer& informer);

  ControlledLoad& load() { return load_; }

  DeploymentController& deployments() { return deployments_; }

  std::uint64_t ready() const { return stateful_sets_.ready() + daemon_sets_.ready(); }

 private:
  DeploymentController deployments_;
  StatefulSetController stateful_sets_;
  DaemonSetController daemon_sets_;
  ControlledLoad load_;
};

}  // namespace casim::sim

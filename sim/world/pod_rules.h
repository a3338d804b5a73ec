// What a scenario lays down for pods beside their workloads: disruption budgets with the controller
// that keeps their status, volumes that are there, and when scheduling gates are lifted.
#pragma once

#include <optional>

#include "sim/controllers/disruption/disruption_controller.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/deployment_controller.h"
#include "sim/workloads/gate_lifter.h"
#include "sim/workloads/pod_informer.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::sim {

class PodRules {
 public:
  struct Parts {  // all outlive it
    ApiServer& api;
    const Random& random;
    const ReplicaSetController& replica_sets;
    const DeploymentController& deployments;
    PodInformer& informer;
  };

  // Puts budgets and volumes, before anybody lists. Without budgets there is no controller, and
  // without gates nobody who lifts them.
  PodRules(const Scenario& scenario, Parts parts);
  PodRules(const PodRules&) = delete;
  PodRules& operator=(const PodRules&) = delete;

  // Nothing changes any more by itself.
  bool is_over() const { return !gates_ || gates_->is_over(); }

 private:
  std::optional<ControllerScale> scale_of(const PodSpec& pod) const;

  Parts parts_;
  std::optional<DisruptionController> disruption_;
  std::optional<GateLifter> gates_;
};

}  // namespace casim::sim

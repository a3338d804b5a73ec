#include "sim/world/set_controllers.h"

#include "sim/world/part_configs.h"

namespace casim::sim {

SetControllers::SetControllers(const Scenario& scenario, const Parts& parts)
    : deployments_(parts.api, controller(kDeploymentController, scenario), parts.replica_sets,
                   parts.completion),
      stateful_sets_(parts.api, controller(kStatefulSetController, scenario), parts.completion),
      daemon_sets_(parts.api, controller(kDaemonSetController, scenario), parts.random),
      load_(parts.api.kernel(), parts.workloads, {deployments_, stateful_sets_, daemon_sets_},
            parts.completion) {}

void SetControllers::listen(PodInformer& informer) {
  informer.add(static_cast<Watcher&>(daemon_sets_));
  informer.add(static_cast<WorkloadController&>(daemon_sets_));
  informer.add(stateful_sets_);
}

}  // namespace casim::sim

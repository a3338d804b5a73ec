#include "sim/world/node_controllers.h"

#include "sim/world/part_configs.h"

namespace casim::sim {
namespace {

// A controller manager was started some time before the run: its periods lie anywhere.
TimePoint started(const Random& random, std::string_view process) {
  constexpr double kLongestPeriod = 20;  // seconds; of the pod garbage collector
  return kTimeZero -
         from_seconds(kLongestPeriod * random.uniform("process.start", hash_bytes(process), 0));
}

NodeLifecycleConfig node_lifecycle(const Scenario& scenario, TimePoint start) {
  NodeLifecycleConfig config = scenario.controllers.node_lifecycle;
  config.start = start;
  return config;
}

}  // namespace

CloudState Ec2Instances::state_of(const Node& node) {
  if (node.provider_id.empty()) return CloudState::kExists;
  const std::string id = node.provider_id.substr(node.provider_id.rfind('/') + 1);
  const ec2::Instance* instance = ec2_.find(id);
  if (instance == nullptr || instance->state == ec2::InstanceState::kTerminated) {
    return CloudState::kGone;
  }
  return instance->state == ec2::InstanceState::kStopped ? CloudState::kShutDown
                                                         : CloudState::kExists;
}

NodeControllers::NodeControllers(const Scenario& scenario, Parts parts)
    : instances_(parts.ec2),
      node_lifecycle_(parts.kernel, parts.api, parts.heartbeats, parts.random,
                      controller("node-controller", scenario),
                      node_lifecycle(scenario, started(parts.random, "kube-controller-manager"))),
      taint_eviction_(parts.kernel, parts.api, controller("taint-eviction-controller", scenario)),
      pod_garbage_collector_(parts.kernel, parts.api, controller("pod-garbage-collector", scenario),
                             {.start = started(parts.random, "kube-controller-manager")}) {
  if (!scenario.nodes.cloud_controller_manager) return;
  CloudNodeLifecycleConfig config;
  config.start = started(parts.random, "cloud-controller-manager");
  cloud_node_lifecycle_.emplace(parts.kernel, parts.api, instances_,
                                controller("cloud-node-lifecycle-controller", scenario), config);
}

void NodeControllers::listen(PodInformer& informer) {
  for (Watcher* controller : std::initializer_list<Watcher*>{&node_lifecycle_, &taint_eviction_,
                                                             &pod_garbage_collector_}) {
    informer.add(*controller);
  }
  if (cloud_node_lifecycle_) informer.add(*cloud_node_lifecycle_);
}

}  // namespace casim::sim

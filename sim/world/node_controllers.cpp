#include "sim/world/node_controllers.h"

#include "sim/world/part_configs.h"

namespace casim::sim {
namespace {

constexpr const char* kManager = "kube-controller-manager";
constexpr const char* kNodeController = "node-controller";
constexpr const char* kTaintEviction = "taint-eviction-controller";
constexpr const char* kPodGarbageCollector = "pod-garbage-collector";
constexpr const char* kCloudManager = "cloud-controller-manager";
constexpr const char* kCloudNodeLifecycle = "cloud-node-lifecycle-controller";

// A controller manager was started some time before the run: its periods lie anywhere.
TimePoint started(const Random& random, std::string_view process) {
  constexpr double kLongestPeriod = 20;  // seconds; of the pod garbage collector
  return kTimeZero -
         from_seconds(kLongestPeriod * random.uniform("process.start", hash_bytes(process), 0));
}

NodeLifecycleConfig lifecycle_config(const Scenario& scenario, TimePoint start) {
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

NodeControllers::Manager::Manager(const Scenario& scenario, const Parts& parts, TimePoint start)
    : node_lifecycle(parts.kernel, parts.api, parts.heartbeats, parts.random,
                     controller(kNodeController, scenario), lifecycle_config(scenario, start)),
      taint_eviction(parts.kernel, parts.api, controller(kTaintEviction, scenario)),
      pod_garbage_collector(parts.kernel, parts.api, controller(kPodGarbageCollector, scenario),
                            {.start = start}) {}

LeaderElection::Ports NodeControllers::election_ports() const {
  return {.kernel = parts_.kernel,
          .outages = parts_.api.outages(),
          .random = parts_.random,
          .facts = parts_.facts};
}

NodeControllers::NodeControllers(const Scenario& scenario, Parts parts)
    : scenario_(scenario),
      parts_(parts),
      instances_(parts.ec2),
      manager_election_(
          kManager, {}, election_ports(),
          {.on_lost = [this] { end_manager(); }, .on_elected = [this] { elect_manager(); }}),
      cloud_election_(kCloudManager, {}, election_ports(),
                      {.on_lost = [this] { end_cloud_manager(); },
                       .on_elected = [this] { elect_cloud_manager(); }}) {
  manager_.emplace(scenario_, parts_, started(parts_.random, kManager));
  if (scenario_.nodes.cloud_controller_manager) {
    start_cloud_manager(started(parts_.random, kCloudManager));
  }
  parts_.api.outages().when_one_begins([this](const ApiOutages::Outage& outage) {
    manager_election_.on_outage(outage);
    if (scenario_.nodes.cloud_controller_manager) cloud_election_.on_outage(outage);
  });
}

void NodeControllers::start_cloud_manager(TimePoint start) {
  CloudNodeLifecycleConfig config;
  config.start = start;
  cloud_manager_.emplace(parts_.kernel, parts_.api, instances_,
                         controller(kCloudNodeLifecycle, scenario_), config);
}

void NodeControllers::listen(PodInformer& informer) {
  informer_ = &informer;
  informer.add(*this);
}

void NodeControllers::on_watch(const WatchEvent& event) {
  if (manager_) {
    manager_->node_lifecycle.on_watch(event);
    manager_->taint_eviction.on_watch(event);
    manager_->pod_garbage_collector.on_watch(event);
  }
  if (cloud_manager_) cloud_manager_->on_watch(event);
}

void NodeControllers::end_manager() {
  for (const char* name : {kNodeController, kTaintEviction, kPodGarbageCollector}) {
    parts_.api.end_clients(name);
  }
  for (const char* name : kWorkloadControllers) {
    parts_.api.hold_clients(name);
  }
  informer_->hold();
  manager_.reset();
}

void NodeControllers::elect_manager() {
  informer_->release();
  for (const char* name : kWorkloadControllers) {
    parts_.api.release_clients(name);
  }
  manager_.emplace(scenario_, parts_, parts_.kernel.now());
  parts_.api.list(manager_->node_lifecycle);
  parts_.api.list(manager_->taint_eviction);
  parts_.api.list(manager_->pod_garbage_collector);
}

void NodeControllers::end_cloud_manager() {
  parts_.api.end_clients(kCloudNodeLifecycle);
  cloud_manager_.reset();
}

void NodeControllers::elect_cloud_manager() {
  start_cloud_manager(parts_.kernel.now());
  parts_.api.list(*cloud_manager_);
}

}  // namespace casim::sim

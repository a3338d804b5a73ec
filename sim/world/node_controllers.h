// The controllers that decide about nodes, as two processes: kube-controller-manager, and the cloud
// controller manager where the scenario has one. A new leader of either knows nothing: silences and
// quarantines count anew, countdowns of evictions begin again, taints are rationed from the start.
#pragma once

#include <optional>

#include "sim/controllers/cloud_node_lifecycle.h"
#include "sim/controllers/node_lifecycle.h"
#include "sim/controllers/pod_garbage_collector.h"
#include "sim/controllers/taint_eviction.h"
#include "sim/ec2/ec2_model.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/pod_informer.h"
#include "sim/world/leader_election.h"

namespace casim::sim {

// EC2 in the eyes of AWS' cloud provider: a machine exists until it is terminated, and a node
// without a provider id is no business of its.
class Ec2Instances final : public CloudInstances {
 public:
  explicit Ec2Instances(Ec2Model& ec2) : ec2_(ec2) {}

  CloudState state_of(const Node& node) override;

 private:
  Ec2Model& ec2_;
};

class NodeControllers final : public Watcher {
 public:
  struct Parts {  // all outlive it
    Kernel& kernel;
    ApiServer& api;
    NodeHeartbeats& heartbeats;
    const Random& random;
    Ec2Model& ec2;
    FactSink& facts;
  };

  NodeControllers(const Scenario& scenario, Parts parts);
  NodeControllers(const NodeControllers&) = delete;
  NodeControllers& operator=(const NodeControllers&) = delete;

  // They hear of pods and nodes from then on. Before the informer's start. Controllers of workloads
  // are in the same process, and stop and begin with it.
  void listen(PodInformer& informer);

  void on_watch(const WatchEvent& event) override;

 private:
  // Of kube-controller-manager.
  struct Manager {
    Manager(const Scenario& scenario, const Parts& parts, TimePoint start);

    NodeLifecycle node_lifecycle;
    TaintEviction taint_eviction;
    PodGarbageCollector pod_garbage_collector;
  };

  LeaderElection::Ports election_ports() const;
  void start_cloud_manager(TimePoint start);
  void end_manager();
  void elect_manager();
  void end_cloud_manager();
  void elect_cloud_manager();

  Scenario scenario_;
  Parts parts_;
  Ec2Instances instances_;
  PodInformer* informer_ = nullptr;
  std::optional<Manager> manager_;                   // none: no leader
  std::optional<CloudNodeLifecycle> cloud_manager_;  // likewise, or none at all
  LeaderElection manager_election_;
  LeaderElection cloud_election_;
};

}  // namespace casim::sim

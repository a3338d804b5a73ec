// The controllers that decide about nodes, as two processes: kube-controller-manager, and the cloud
// controller manager where the scenario has one.
#pragma once

#include <optional>

#include "sim/controllers/cloud_node_lifecycle.h"
#include "sim/controllers/node_lifecycle.h"
#include "sim/controllers/pod_garbage_collector.h"
#include "sim/controllers/taint_eviction.h"
#include "sim/ec2/ec2_model.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/pod_informer.h"

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

class NodeControllers {
 public:
  struct Parts {  // all outlive it
    Kernel& kernel;
    ApiServer& api;
    NodeHeartbeats& heartbeats;
    const Random& random;
    Ec2Model& ec2;
  };

  NodeControllers(const Scenario& scenario, Parts parts);

  // They hear of pods and nodes from then on. Before the informer's start.
  void listen(PodInformer& informer);

 private:
  Ec2Instances instances_;
  NodeLifecycle node_lifecycle_;
  TaintEviction taint_eviction_;
  PodGarbageCollector pod_garbage_collector_;
  std::optional<CloudNodeLifecycle> cloud_node_lifecycle_;
};

}  // namespace casim::sim

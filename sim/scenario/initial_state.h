// What is there before the first instant: the nodes that each group starts with, known to EC2, to
// the provider's store and to Kubernetes.
#pragma once

#include <map>

#include "sim/cluster/cluster.h"
#include "sim/ec2/ec2_model.h"
#include "sim/kubelet/node_life.h"
#include "sim/scenario/scenario.h"
#include "src/provider/memory_store.h"

namespace casim::sim {

// What nodes of each group look like.
std::map<std::string, NodeBlueprint> blueprints(const provider::Config& config);

struct InitialParts {
  Ec2Model& ec2;
  NodeLife& nodes;
  provider::MemoryStore& store;
  const Cluster& cluster;
};

// Throws std::runtime_error when EC2's quota or capacity does not hold them.
void add_initial_nodes(const provider::Config& config, const Scenario& scenario,
                       const InitialParts& parts);

}  // namespace casim::sim

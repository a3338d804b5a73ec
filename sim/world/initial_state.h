// What is there before the first instant: the nodes that each group starts with, known to EC2, to
// the provider's store and to Kubernetes, and the pods on them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/ec2/ec2_model.h"
#include "sim/kubelet/node_life.h"
#include "sim/load/workload_table.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/replica_set_controller.h"
#include "src/provider/memory_store.h"

namespace casim::sim {

// What nodes of each group look like.
std::map<std::string, NodeBlueprint> blueprints(const Scenario& scenario);

struct InitialParts {
  Ec2Model& ec2;
  NodeLife& nodes;
  provider::MemoryStore& store;
  const Cluster& cluster;
};

using NodesByGroup = std::map<std::string, std::vector<NodeId>>;

// Throws std::runtime_error when EC2's quota or capacity does not hold them.
NodesByGroup add_initial_nodes(const provider::Config& config, const Scenario& scenario,
                               const InitialParts& parts);

// A workload of one ReplicaSet whose pods do not arrive but are placed, and where.
struct InitialPlacement {
  WorkloadId workload;
  std::vector<InitialPlace> places;
};

struct PlacementParts {
  const WorkloadTable& workloads;
  ReplicaSetController& replica_sets;
  ApiServer& api;
};

// Creates the ReplicaSets and their pods, bound. Before the controllers list.
// Requires: a valid scenario's placements, so that there are nodes and room.
void place_initial_pods(const std::vector<InitialPlacement>& placements, const NodesByGroup& nodes,
                        const PlacementParts& parts);

}  // namespace casim::sim

// The management cluster of Cluster API as its controllers share it: the objects, the client, and
// what they look up by label or index. Source: provisioning-paths.md 2.1.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/paths/cluster_api/config.h"
#include "sim/paths/cluster_api/objects.h"
#include "sim/paths/kube/kube_client.h"
#include "sim/paths/queue/work_queue.h"

namespace casim::sim {

class ClusterApiState {
 public:
  // Both outlive it.
  ClusterApiState(Kernel& of_kernel, const Random& of_random, ClusterApiConfig of_config);

  // Between the two it is written what is there from the start (object_store.h).
  void fill();
  void watch();

  // Machines of a set as the caches show them, in order of creation.
  std::vector<std::uint32_t> machines_of(std::uint32_t set) const;
  // Sets of a deployment, likewise.
  std::vector<std::uint32_t> sets_of(std::uint32_t deployment) const;
  // The node of a machine, as caches show it.
  std::optional<std::uint32_t> node_of(const std::string& provider_id) const;

  // Takes its turn and time; whoever asked for it writes then.
  Awaitable<void> request(std::uint64_t object) { return kube.request(object, kube.requests()); }

  // The rules of a queue whose objects are left alone for so long.
  QueueRules rules(Duration spacing) const;

  WallTime stamp() const { return cut_to_second(kernel.wall(kernel.now())); }

  Kernel& kernel;
  const Random& random;
  const ClusterApiConfig config;
  KubeClient kube;
  MachineDeploymentStore deployments;
  MachineSetStore sets;
  MachineStore machines;
  InfraMachineStore infra;
  WorkloadNodeStore nodes;

 private:
  std::map<std::uint32_t, std::vector<std::uint32_t>> machines_of_;
  std::map<std::string, std::uint32_t> nodes_;  // by provider id
};

}  // namespace casim::sim

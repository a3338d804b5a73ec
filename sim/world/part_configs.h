// What the scenario says of each part, in the part's own configuration.
#pragma once

#include <memory>
#include <string>

#include "sim/apiserver/api_client.h"
#include "sim/autoscaler/simulator/compute_time.h"
#include "sim/kubelet/node_life.h"
#include "sim/kubelet/pod_runner.h"
#include "sim/rpc/rpc_config.h"
#include "sim/scenario/scenario.h"
#include "src/provider/ec2_machines.h"

namespace casim::sim {

GrpcRpcConfig rpc_config(const Scenario& scenario, bool on_wire);
NodeLifeConfig node_life_config(const Scenario& scenario);
provider::Ec2MachinesOptions ec2_machines_options(const Scenario& scenario);
// The provider's client signs with the time of EC2's replies.
bool corrects_clock(const backoff::RetryConfig& retry);
PodRunnerConfig pod_runner_config(const Scenario& scenario);
ApiClientConfig client(std::string name, const ApiLimit& limit, Phase phase);
// Names of the clients of the controllers of workloads.
inline constexpr const char* kJobController = "job-controller";
inline constexpr const char* kReplicaSetController = "replicaset-controller";
inline constexpr const char* kDeploymentController = "deployment-controller";
inline constexpr const char* kStatefulSetController = "statefulset-controller";
inline constexpr const char* kDaemonSetController = "daemon-set-controller";
inline constexpr const char* kWorkloadControllers[] = {
    kJobController, kReplicaSetController, kDeploymentController, kStatefulSetController,
    kDaemonSetController};

// Each workload controller has a client of its own (algorithm 6.2, kube-controller-manager).
ApiClientConfig controller(std::string name, const Scenario& scenario);
std::unique_ptr<ComputeTime> compute_time(ComputeModel model);

}  // namespace casim::sim

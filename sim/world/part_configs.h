// What the scenario says of each part, in the part's own configuration.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>

#include "sim/apiserver/api_client.h"
#include "sim/autoscaler/simulator/compute_time.h"
#include "sim/kubelet/node_life.h"
#include "sim/kubelet/pod_runner.h"
#include "sim/rpc/rpc_config.h"
#include "sim/scenario/scenario.h"
#include "sim/workloads/hpa/hpa_controller.h"
#include "sim/workloads/job_controller.h"
#include "src/provider/ec2_machines.h"

namespace casim::sim {

GrpcRpcConfig rpc_config(const Scenario& scenario, bool on_wire);
NodeLifeConfig node_life_config(const Scenario& scenario);
provider::Ec2MachinesOptions ec2_machines_options(const Scenario& scenario);
// The provider's client signs with the time of EC2's replies.
bool corrects_clock(const backoff::RetryConfig& retry);
// `fails`: which pods end with a failure.
PodRunnerConfig pod_runner_config(const Scenario& scenario, std::function<bool(PodId)> fails);
ApiClientConfig client(std::string name, const ApiLimit& limit, Phase phase);
// Names of the clients of the controllers of workloads, and of what stops with them.
inline constexpr const char* kJobController = "job-controller";
inline constexpr const char* kTtlController = "ttl-after-finished-controller";
inline constexpr const char* kGarbageCollector = "generic-garbage-collector";
inline constexpr const char* kCronJobController = "cronjob-controller";
inline constexpr const char* kHpaController = "horizontal-pod-autoscaler";
inline constexpr const char* kReplicaSetController = "replicaset-controller";
inline constexpr const char* kDeploymentController = "deployment-controller";
inline constexpr const char* kStatefulSetController = "statefulset-controller";
inline constexpr const char* kDaemonSetController = "daemon-set-controller";
inline constexpr const char* kDisruptionController = "disruption-controller";
inline constexpr const char* kWorkloadControllers[] = {
    kJobController,       kTtlController,        kGarbageCollector,     kCronJobController,
    kHpaController,       kReplicaSetController, kDeploymentController, kStatefulSetController,
    kDaemonSetController, kDisruptionController};

// Each workload controller has a client of its own (algorithm 6.2, kube-controller-manager).
ApiClientConfig controller(std::string name, const Scenario& scenario);
// Each of its clients is limited by itself; what it could not do it does at its next sync.
HpaConfig hpa_config(const Scenario& scenario);
JobClients job_clients(const Scenario& scenario);
std::unique_ptr<ComputeTime> compute_time(ComputeModel model);

}  // namespace casim::sim

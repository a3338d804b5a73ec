// A scenario: everything that decides a run, as a user writes it. Defaults are the member
// initialisers and stand nowhere else. describe.cpp lists every member once, for reading, for
// scenario.json and for the JSON Schema; checks across parts are in validate.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/cluster/int_or_percent.h"
#include "sim/cluster/objects.h"
#include "sim/controllers/node_lifecycle_config.h"
#include "sim/controllers/node_termination_handler_config.h"
#include "sim/ec2/config.h"
#include "sim/faults/fault.h"
#include "sim/kubelet/image_puller.h"
#include "sim/kubelet/registered_node.h"
#include "sim/kubelet/startup_taint.h"
#include "sim/scenario/arrival_workload.h"
#include "sim/scenario/batch_scenario.h"
#include "sim/scenario/budget_scenario.h"
#include "sim/scenario/gate_scenario.h"
#include "sim/scenario/hpa_scenario.h"
#include "sim/scenario/manifest_scenario.h"
#include "sim/scenario/path_scenario.h"
#include "sim/scenario/pod_template.h"
#include "sim/scenario/volume_scenario.h"
#include "src/backoff/preset.h"
#include "src/config/value.h"
#include "src/core/distribution.h"
#include "src/core/quantity.h"
#include "src/core/time.h"
#include "src/ec2/action.h"
#include "src/provider/ec2_client.h"
#include "src/provider/relaunch.h"
#include "src/provider/types.h"

namespace casim::sim {

struct NodeGroupConfig {
  std::string name;
  int min = 0;
  int max = 10;
  int initial = 0;
  std::vector<std::string> instance_types;
  std::vector<std::string> zones{"us-east-1a"};
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  Labels labels;
  std::vector<Taint> taints;
  std::optional<StartupTaint> startup_taint;
  std::optional<Distribution> devices_after;  // none: extended resources are there from the start
  std::optional<RegisteredNode> registered;
  std::optional<provider::GroupOptions> options;
};

// A node of no group: control plane, fixed capacity. Ready from the start.
struct StaticNodeConfig {
  std::string name;
  std::string instance_type;
  Labels labels;
  std::vector<Taint> taints;
};

// `count` pods of one ReplicaSet, spread evenly over `over` from `at` on.
struct BurstWorkload {
  int count = 0;
  Duration at{};
  Duration over{};
  Duration run_for{};  // 0: until the end
  PodTemplate pod;
};

// Where pods are from the start: `per_node` on each of `nodes` initial nodes of a group, from the
// group's `first`-th on.
struct InitialPlace {
  std::string group;
  int first = 0;
  int nodes = 0;
  int per_node = 0;
};

// Pods of one ReplicaSet that are on initial nodes, and such that wait for a place.
struct InitialWorkload {
  InitialPlace place;
  std::vector<InitialPlace> also;
  int pending = 0;
  PodTemplate pod;
};

enum class TraceFormat { kOpenb, kSurf, kSimkube, kCasim };

struct TraceWindow {
  Duration from{};
  Duration to{};
};

// A recorded trace; each row is a Job of one pod.
struct TraceWorkload {
  TraceFormat format = TraceFormat::kOpenb;
  std::filesystem::path file;
  std::optional<std::string> sha256;  // of the file; none: whichever is there
  std::optional<TraceWindow> window;  // rows created in [from, to) of the trace's own time
  double sample = 1;                  // share of the rows that is played
  double time_scale = 1;              // times all arrivals; run times stay
  int copies = 1;
  Duration jitter{};                        // copies arrive up to so much later
  std::vector<Toleration> gpu_tolerations;  // of rows that ask for a GPU, which many taint
};

// Pods that arrive by the sum of some rates (arrival_workload.h), each a Job or a bare pod.
struct ArrivalWorkload {
  ArrivalProcess process = ArrivalProcess::kPoisson;
  ArrivesAs as = ArrivesAs::kJob;
  Duration from{};
  std::optional<Duration> to;  // none: the end of the run
  double scale = 1;
  std::vector<RateTerm> rates;
  std::optional<Distribution> run_for;  // none: as the rows say, or until the end
  SizeDistributions sizes;              // instead of the pod's requests
  std::optional<EmpiricalRows> rows;    // instead of both
  PodTemplate pod;
};

// Another number of replicas.
struct ScaleStep {
  Duration at{};
  int replicas = 0;
};

// Another template: these pods, or the same ones made anew.
struct RolloutStep {
  Duration at{};
  std::optional<PodTemplate> pod;
};

enum class RolloutStrategy { kRollingUpdate, kRecreate };

struct DeploymentWorkload {
  int replicas = 0;
  Duration at{};
  std::vector<ScaleStep> scale;
  RolloutStrategy strategy = RolloutStrategy::kRollingUpdate;
  IntOrPercent max_surge = IntOrPercent::percent(25);
  IntOrPercent max_unavailable = IntOrPercent::percent(25);
  Duration min_ready{};
  std::vector<RolloutStep> rollouts;
  PodTemplate pod;
};

enum class PodManagement { kOrderedReady, kParallel };

struct StatefulSetWorkload {
  int replicas = 0;
  Duration at{};
  std::vector<ScaleStep> scale;
  PodManagement pod_management = PodManagement::kOrderedReady;
  int partition = 0;
  std::optional<IntOrPercent> max_unavailable;  // none: one at a time, as up to 1.36
  std::vector<VolumeClaimTemplateConfig> volume_claim_templates;
  Duration min_ready{};
  std::vector<RolloutStep> rollouts;
  PodTemplate pod;
};

// A pod on each node that it can run on.
struct DaemonSetWorkload {
  Duration at{};
  IntOrPercent max_unavailable = IntOrPercent::of(1);
  IntOrPercent max_surge = IntOrPercent::of(0);
  std::vector<RolloutStep> rollouts;
  PodTemplate pod;
};

struct Workload {
  std::string name;
  std::variant<BurstWorkload, InitialWorkload, TraceWorkload, ArrivalWorkload, DeploymentWorkload,
               StatefulSetWorkload, DaemonSetWorkload, JobWorkload, CronJobWorkload,
               ManifestWorkload>
      body;
};

struct ApiLimit {
  double qps = 0;  // 0: no limit
  int burst = 0;
};

enum class ComputeModel { kMeasured, kNone };

// The kubelet's probe of /health-check, with its defaults.
struct LivenessScenario {
  Duration probe_period = std::chrono::seconds(10);
  int failure_threshold = 3;  // 0: no probe
  // Assumed: a container start, the first lists.
  Duration restart_time = std::chrono::seconds(20);
};

struct AutoscalerScenario {
  std::string version = "1.37";
  std::map<std::string, config::Value> flags;  // the real autoscaler's own names
  Duration grpc_timeout = std::chrono::seconds(5);
  Duration watch_delay = std::chrono::milliseconds(20);  // assumed
  std::optional<ApiLimit> api;                           // none: as the flags of the API client say
  ComputeModel compute_time = ComputeModel::kMeasured;
  LivenessScenario liveness;
  // What the ConfigMap cluster-autoscaler-priority-expander holds under `priorities`: YAML.
  std::optional<std::string> priorities;
};

struct SchedulerScenario {
  Duration watch_delay = std::chrono::milliseconds(10);    // assumed
  ApiLimit api{50, 100};                                   // algorithm 5.4
  Duration pod_initial_backoff = std::chrono::seconds(1);  // podInitialBackoffSeconds
  Duration pod_max_backoff = std::chrono::seconds(10);     // podMaxBackoffSeconds
  Duration attempt_time{};  // 1/270 s at 5,000 nodes (algorithm 5.4); none, as the recordings
};

struct ControllersScenario {
  ApiLimit api{20, 30};  // of each controller (algorithm 6.2); managed planes raise it
  NodeLifecycleConfig node_lifecycle;
  std::string version = "1.37";  // of kube-controller-manager; read by HPAs
  HpaFlags hpa;
  MetricsPipeline metrics;
};

struct ApiServerScenario {
  // Assumed: one etcd commit; 2 to 20 ms are typical (algorithm 5.4).
  Distribution write_latency = Distribution::from_quantiles(0.004, 0.020);
};

struct StoreScenario {
  // Assumed: one fsync of SQLite on network storage.
  Distribution commit = Distribution::from_quantiles(0.003, 0.015);
};

// The provider's client keeps to it by itself, so as to stay below what EC2 allows.
struct RateLimitScenario {
  ec2::Action action = ec2::Action::kRunInstances;
  provider::RateLimit limit;
};

struct ProviderScenario {
  PathScenario path;
  Duration join_timeout = std::chrono::minutes(10);
  provider::ReconcileTiming reconcile;
  bool clamp_decrease = true;
  int launch_batch = 100;  // ec2.md 1.4
  provider::BatchWindow launch_window = provider::Config{}.launch_window;
  provider::BatchWindow terminate_window = provider::Config{}.terminate_window;
  std::vector<RateLimitScenario> rate_limits;
  Duration ice_cooldown = std::chrono::minutes(3);  // ec2.md 2
  backoff::RetryConfig retry;
  provider::RelaunchPolicy relaunch;
  StoreScenario store;
};

struct RpcScenario {
  // Assumed: a cluster-internal gRPC call.
  Distribution latency = Distribution::from_quantiles(0.0004, 0.002);
};

enum class KubeReserved { kEks, kNone };

struct NodesScenario {
  std::string image = "al2023";
  std::optional<Distribution> boot;  // from running to the kubelet's start, instead of the image's
  Distribution metal_extra = Distribution::lognormal(5, 0.5, 15);  // ec2.md 5.2
  Distribution register_after = Distribution::lognormal(1, 0.4);   // ec2.md 5.2 (F)
  Distribution ready_after = Distribution::lognormal(8, 0.7);      // ec2.md 5.2 (F)
  Distribution pod_start = Distribution::from_quantiles(1.5, 4);   // assumed
  std::optional<ImagePullConfig> image_pulls;                      // none: all images are there
  int max_pods_cap = 110;                                          // ec2.md 6 (A)
  KubeReserved kube_reserved = KubeReserved::kEks;                 // ec2.md 6
  bool cloud_controller_manager = true;                            // as on EKS
  double never_registers = 0;                                      // ec2.md 5.5 assumes 0.003
  // None: as a cluster comes; AWS recommends it for Spot machines that are not a managed group's.
  std::optional<NodeTerminationHandlerConfig> termination_handler;
};

// What counts as rest after a disturbance (design section 5).
struct ConvergenceScenario {
  Duration hold = std::chrono::minutes(15);
  Duration settle_within = std::chrono::minutes(15);
};

struct Scenario {
  static constexpr int kSchemaVersion = 1;

  int schema_version = kSchemaVersion;
  std::string description;
  std::uint64_t seed = 1;
  WallTime start{};
  std::optional<Duration> duration;  // none: until the load is done, then `linger`
  Duration linger = std::chrono::minutes(30);
  Duration warmup{};
  std::vector<NodeGroupConfig> node_groups;
  std::vector<StaticNodeConfig> static_nodes;
  std::vector<Workload> workloads;
  std::vector<PriorityClassConfig> priority_classes;
  std::vector<NamespaceConfig> namespaces;
  std::vector<DisruptionBudgetConfig> disruption_budgets;
  std::vector<GateConfig> scheduling_gates;
  std::vector<StorageClassConfig> storage_classes;
  std::vector<VolumeClaimConfig> volume_claims;
  std::vector<HpaScenario> hpas;
  AutoscalerScenario autoscaler;
  SchedulerScenario scheduler;
  ControllersScenario controllers;
  ApiServerScenario api_server;
  ProviderScenario provider;
  RegistrationScenario registration;
  CredentialsScenario credentials;
  RpcScenario rpc;
  Ec2Config ec2;
  NodesScenario nodes;
  std::vector<Fault> faults;
  ConvergenceScenario convergence;
  std::vector<std::string> thresholds;  // sim/metrics/threshold.h
};

}  // namespace casim::sim

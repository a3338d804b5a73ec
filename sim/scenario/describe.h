// The members of each part of a scenario, listed once (src/config/visitor.h).
#pragma once

#include "sim/scenario/describe_pod.h"
#include "sim/scenario/scenario.h"
#include "src/config/config.h"
#include "src/provider/describe.h"

namespace casim::config {

// "120/h".
template <>
struct Codec<sim::PodRate> {
  static void read(const Cursor& from, sim::PodRate& out, const Rules& rules);
  static Value write(const sim::PodRate& in, const Rules& rules, const WriteContext& context);
  static Value schema(const sim::PodRate& in, const Rules& rules, SchemaBuilder& builder);
};

}  // namespace casim::config

namespace casim::sim {

inline config::EnumNames<TraceFormat> enum_names(TraceFormat) {
  return {{TraceFormat::kOpenb, "openb"},
          {TraceFormat::kSurf, "surf"},
          {TraceFormat::kSimkube, "simkube"},
          {TraceFormat::kCasim, "casim"}};
}

inline config::EnumNames<RolloutStrategy> enum_names(RolloutStrategy) {
  return {{RolloutStrategy::kRollingUpdate, "RollingUpdate"},
          {RolloutStrategy::kRecreate, "Recreate"}};
}

inline config::EnumNames<PodManagement> enum_names(PodManagement) {
  return {{PodManagement::kOrderedReady, "OrderedReady"}, {PodManagement::kParallel, "Parallel"}};
}

inline config::EnumNames<ComputeModel> enum_names(ComputeModel) {
  return {{ComputeModel::kMeasured, "measured"}, {ComputeModel::kNone, "none"}};
}

inline config::EnumNames<KubeReserved> enum_names(KubeReserved) {
  return {{KubeReserved::kEks, "eks"}, {KubeReserved::kNone, "none"}};
}

inline config::EnumNames<CompletionMode> enum_names(CompletionMode) {
  return {{CompletionMode::kNonIndexed, "NonIndexed"}, {CompletionMode::kIndexed, "Indexed"}};
}

inline config::EnumNames<PodReplacementPolicy> enum_names(PodReplacementPolicy) {
  return {{PodReplacementPolicy::kTerminatingOrFailed, "TerminatingOrFailed"},
          {PodReplacementPolicy::kFailed, "Failed"}};
}

inline config::EnumNames<CronConcurrency> enum_names(CronConcurrency) {
  return {{CronConcurrency::kAllow, "Allow"},
          {CronConcurrency::kForbid, "Forbid"},
          {CronConcurrency::kReplace, "Replace"}};
}

inline config::EnumNames<VolumeBindingMode> enum_names(VolumeBindingMode) {
  return {{VolumeBindingMode::kWaitForFirstConsumer, "WaitForFirstConsumer"},
          {VolumeBindingMode::kImmediate, "Immediate"}};
}

inline config::EnumNames<UnhealthyPodEvictionPolicy> enum_names(UnhealthyPodEvictionPolicy) {
  return {{UnhealthyPodEvictionPolicy::kIfHealthyBudget, "IfHealthyBudget"},
          {UnhealthyPodEvictionPolicy::kAlwaysAllow, "AlwaysAllow"}};
}

inline config::EnumNames<HpaMetricType> enum_names(HpaMetricType) {
  return {{HpaMetricType::kCpu, "cpu"},
          {HpaMetricType::kMemory, "memory"},
          {HpaMetricType::kPods, "pods"},
          {HpaMetricType::kObject, "object"},
          {HpaMetricType::kExternal, "external"}};
}

inline config::EnumNames<HpaPolicyType> enum_names(HpaPolicyType) {
  return {{HpaPolicyType::kPods, "Pods"}, {HpaPolicyType::kPercent, "Percent"}};
}

inline config::EnumNames<HpaSelect> enum_names(HpaSelect) {
  return {{HpaSelect::kMax, "Max"}, {HpaSelect::kMin, "Min"}, {HpaSelect::kDisabled, "Disabled"}};
}

inline config::Alternatives alternatives(
    const std::variant<BurstWorkload, InitialWorkload, TraceWorkload, ArrivalWorkload,
                       DeploymentWorkload, StatefulSetWorkload, DaemonSetWorkload, JobWorkload,
                       CronJobWorkload, ManifestWorkload>*) {
  return {"kind",
          {"burst", "initial", "trace", "arrivals", "deployment", "stateful_set", "daemon_set",
           "job", "cron_job", "manifest"}};
}

inline config::Alternatives alternatives(
    const std::variant<ConstantRate, RampRate, BurstsRate, CycleRate, MarkovRate, OnOffRate>*) {
  return {"kind", {"constant", "ramp", "bursts", "cycle", "markov", "on_off"}};
}

inline config::EnumNames<ArrivalProcess> enum_names(ArrivalProcess) {
  return {{ArrivalProcess::kPoisson, "poisson"}, {ArrivalProcess::kRegular, "regular"}};
}

inline config::EnumNames<ArrivesAs> enum_names(ArrivesAs) {
  return {{ArrivesAs::kJob, "job"}, {ArrivesAs::kPod, "pod"}};
}

void describe(config::Visitor& v, Taint& taint);
void describe(config::Visitor& v, StartupTaint& taint);
void describe(config::Visitor& v, NodeGroupConfig& group);
void describe(config::Visitor& v, StaticNodeConfig& node);
void describe(config::Visitor& v, BurstWorkload& burst);
void describe(config::Visitor& v, InitialPlace& place);
void describe(config::Visitor& v, InitialWorkload& initial);
void describe(config::Visitor& v, TraceWindow& window);
void describe(config::Visitor& v, TraceWorkload& trace);
void describe(config::Visitor& v, ConstantRate& rate);
void describe(config::Visitor& v, RampRate& rate);
void describe(config::Visitor& v, BurstsRate& rate);
void describe(config::Visitor& v, CycleRate& rate);
void describe(config::Visitor& v, MarkovState& state);
void describe(config::Visitor& v, MarkovRate& rate);
void describe(config::Visitor& v, OnOffRate& rate);
void describe(config::Visitor& v, RateTerm& term);
void describe(config::Visitor& v, CpuColumn& column);
void describe(config::Visitor& v, MemoryColumn& column);
void describe(config::Visitor& v, DurationColumn& column);
void describe(config::Visitor& v, EmpiricalRows& rows);
void describe(config::Visitor& v, SizeDistributions& sizes);
void describe(config::Visitor& v, ArrivalWorkload& workload);
void describe(config::Visitor& v, ScaleStep& step);
void describe(config::Visitor& v, RolloutStep& step);
void describe(config::Visitor& v, DeploymentWorkload& deployment);
void describe(config::Visitor& v, StatefulSetWorkload& set);
void describe(config::Visitor& v, DaemonSetWorkload& set);
void describe(config::Visitor& v, JobWorkload& job);
void describe(config::Visitor& v, CronJobWorkload& cron_job);
void describe(config::Visitor& v, ManifestWorkload& manifest);
void describe(config::Visitor& v, Workload& workload);
void describe(config::Visitor& v, DisruptionBudgetConfig& budget);
void describe(config::Visitor& v, GateConfig& gate);
void describe(config::Visitor& v, StorageClassConfig& storage);
void describe(config::Visitor& v, VolumeClaimConfig& claim);
void describe(config::Visitor& v, VolumeClaimTemplateConfig& claim);
void describe(config::Visitor& v, DemandChange& change);
void describe(config::Visitor& v, HpaMetricScenario& metric);
void describe(config::Visitor& v, HpaPolicyScenario& policy);
void describe(config::Visitor& v, HpaRulesScenario& rules);
void describe(config::Visitor& v, HpaBehaviorScenario& behavior);
void describe(config::Visitor& v, HpaScenario& hpa);
void describe(config::Visitor& v, MetricsPipeline& pipeline);
void describe(config::Visitor& v, HpaFlags& flags);
void describe(config::Visitor& v, ApiLimit& limit);
void describe(config::Visitor& v, LivenessScenario& liveness);
void describe(config::Visitor& v, ConvergenceScenario& convergence);
void describe(config::Visitor& v, AutoscalerScenario& autoscaler);
void describe(config::Visitor& v, SchedulerScenario& scheduler);
void describe(config::Visitor& v, NodeLifecycleConfig& config);
void describe(config::Visitor& v, ControllersScenario& controllers);
void describe(config::Visitor& v, ApiServerScenario& server);
void describe(config::Visitor& v, StoreScenario& store);
void describe(config::Visitor& v, ProviderScenario& provider);
void describe(config::Visitor& v, RpcScenario& rpc);
void describe(config::Visitor& v, Ec2Latencies& latency);
void describe(config::Visitor& v, BucketConfig& bucket);
void describe(config::Visitor& v, ThrottleConfig& throttle);
void describe(config::Visitor& v, InstanceTypeConfig& type);
void describe(config::Visitor& v, PoolCapacity& pool);
void describe(config::Visitor& v, PoolShortages& shortages);
void describe(config::Visitor& v, CapacityConfig& capacity);
void describe(config::Visitor& v, ConsistencyConfig& consistency);
void describe(config::Visitor& v, BackgroundConfig& background);
void describe(config::Visitor& v, Ec2Config& ec2);
void describe(config::Visitor& v, ImagePullConfig& pulls);
void describe(config::Visitor& v, SpotConfig& spot);
void describe(config::Visitor& v, NodeTerminationHandlerConfig& handler);
void describe(config::Visitor& v, NodesScenario& nodes);
void describe(config::Visitor& v, Scenario& scenario);

}  // namespace casim::sim

#include "sim/scenario/describe.h"

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_least_one;
using config::at_most;
using config::not_blank;

namespace {

constexpr int kMostReplicas = 1'000'000'000;

}  // namespace

void describe(config::Visitor& v, DemandChange& d) {
  v.field("at", d.at, "when the load begins to change", at_least(Duration{}));
  v.required("value", d.value, "what it becomes: cores, bytes, or the metric's own unit",
             at_least(0.0));
  v.field("over", d.over, "how long it takes; 0s: at once", at_least(Duration{}));
}

void describe(config::Visitor& v, HpaMetricScenario& m) {
  v.required("type", m.type,
             "cpu and memory of the pods, a metric of each pod, of one object, or of something "
             "outside");
  v.field("averageUtilization", m.average_utilization, "target: percent of the pods' requests",
          at_least(1));
  v.field("averageValue", m.average_value,
          "target: for each pod, in cores, bytes, or the metric's own unit", above(0.0));
  v.field("value", m.value, "target: as a whole", above(0.0));
  v.required("load", m.load,
             "what the metric measures, over time: the whole load, which the Ready pods share",
             at_least_one());
  v.field("lag", m.lag,
          "age of the value when it is read; cpu and memory have controllers.metrics instead",
          at_least(Duration{}));
  const bool is_resource = m.type == HpaMetricType::kCpu || m.type == HpaMetricType::kMemory;
  const int targets =
      (m.average_utilization ? 1 : 0) + (m.average_value ? 1 : 0) + (m.value ? 1 : 0);
  v.check("", targets == 1, "needs one of averageUtilization, averageValue and value");
  v.check("averageUtilization", !m.average_utilization || is_resource,
          "is a target of cpu and memory");
  const bool is_whole = m.type == HpaMetricType::kObject || m.type == HpaMetricType::kExternal;
  v.check("value", !m.value || is_whole, "is a target of object and external metrics");
  for (std::size_t i = 1; i < m.load.size(); ++i) {
    v.check("load", m.load[i - 1].at + m.load[i - 1].over <= m.load[i].at, [&] {
      return "change " + std::to_string(i) + " begins before the one before it has ended";
    });
  }
}

void describe(config::Visitor& v, HpaPolicyScenario& p) {
  v.required("type", p.type, "what the value counts");
  v.required("value", p.value, "greatest change in the period", at_least(1));
  v.required("periodSeconds", p.period_seconds, "length of the period", at_least(1), at_most(1800));
}

void describe(config::Visitor& v, HpaRulesScenario& r) {
  v.field("stabilizationWindowSeconds", r.stabilization_window_seconds,
          "how far back the most careful proposal counts; absent: 0 up, 300 down", at_least(0),
          at_most(3600));
  v.field("selectPolicy", r.select_policy, "which of several policies holds");
  v.field("policies", r.policies,
          "greatest changes; absent: up 4 pods or 100 % in 15 s, down 100 % in 15 s");
  v.field("tolerance", r.tolerance,
          "how far a metric may be off its target; read from controllers.version 1.35 on; absent: "
          "0.1",
          at_least(0.0));
}

void describe(config::Visitor& v, HpaBehaviorScenario& b) {
  v.field("scaleUp", b.scale_up, "how it may grow");
  v.field("scaleDown", b.scale_down, "how it may shrink");
}

void describe(config::Visitor& v, HpaScenario& h) {
  v.required("name", h.name, "name of the HorizontalPodAutoscaler", not_blank());
  v.required("target", h.target,
             "workload that it sizes: a deployment, a burst without run_for, or initial pods",
             not_blank());
  v.field("minReplicas", h.min_replicas,
          "least number of pods; 0 needs controllers.version 1.37 and an object or external metric",
          at_least(0));
  v.required("maxReplicas", h.max_replicas, "greatest number of pods", at_least(1),
             at_most(kMostReplicas));
  v.required("metrics", h.metrics, "what it looks at; the largest proposal counts", at_least_one());
  v.field("behavior", h.behavior,
          "windows and policies; absent: at most max(2n, 4) pods a sync up, 300 s down");
  v.check("minReplicas", h.min_replicas <= h.max_replicas,
          [&] { return "is above maxReplicas (" + std::to_string(h.max_replicas) + ")"; });
}

void describe(config::Visitor& v, MetricsPipeline& m) {
  v.field("resolution", m.resolution, "time between two scrapes of metrics-server",
          above(Duration{}));
  v.field("housekeeping", m.housekeeping, "time between two measurements of a kubelet",
          above(Duration{}));
  v.check("housekeeping", m.housekeeping <= m.resolution,
          "is longer than resolution: scrapes would find nothing new");
}

void describe(config::Visitor& v, HpaFlags& f) {
  v.field("sync_period", f.sync_period, "time between two looks at an HPA", above(Duration{}));
  v.field("downscale_stabilization", f.downscale_stabilization,
          "how long a high proposal holds, where behavior does not say", at_least(Duration{}));
  v.field("tolerance", f.tolerance, "how far a metric may be off its target", at_least(0.0));
  v.field("cpu_initialization_period", f.cpu_initialization_period,
          "while a pod is so young its CPU counts only if it is Ready", at_least(Duration{}));
  v.field("initial_readiness_delay", f.initial_readiness_delay,
          "a pod that was not Ready for longer after its start never was", at_least(Duration{}));
  v.field("concurrent_syncs", f.concurrent_syncs, "HPAs that are looked at at a time", at_least(1));
}

}  // namespace casim::sim

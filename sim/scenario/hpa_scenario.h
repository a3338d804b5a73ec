// HorizontalPodAutoscalers as a user writes them: the members of autoscaling/v2 by their own names,
// and beside each metric the load that it measures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/load/demand_curve.h"
#include "sim/load/workload_metrics.h"
#include "sim/workloads/hpa/hpa_spec.h"
#include "src/core/time.h"

namespace casim::sim {

enum class HpaMetricType { kCpu, kMemory, kPods, kObject, kExternal };

struct HpaMetricScenario {
  HpaMetricType type = HpaMetricType::kCpu;
  // One of them.
  std::optional<int> average_utilization;  // percent of the request
  std::optional<double> average_value;     // cores, bytes, or the metric's own unit
  std::optional<double> value;
  std::vector<DemandChange> load;           // of the whole workload, in that unit
  Duration lag = std::chrono::seconds(30);  // assumed: one scrape of Prometheus and its rate
};

enum class HpaPolicyType { kPods, kPercent };

struct HpaPolicyScenario {
  HpaPolicyType type = HpaPolicyType::kPods;
  int value = 1;
  int period_seconds = 15;
};

struct HpaRulesScenario {
  std::optional<int> stabilization_window_seconds;
  HpaSelect select_policy = HpaSelect::kMax;
  std::vector<HpaPolicyScenario> policies;  // none: the defaults
  std::optional<double> tolerance;
};

struct HpaBehaviorScenario {
  HpaRulesScenario scale_up;
  HpaRulesScenario scale_down;
};

struct HpaScenario {
  std::string name;
  std::string target;  // a Deployment, or a workload of one ReplicaSet
  int min_replicas = 1;
  int max_replicas = 0;
  std::vector<HpaMetricScenario> metrics;
  std::optional<HpaBehaviorScenario> behavior;
};

HpaRelease hpa_release(const std::string& version);  // "1.37"
HpaSpec resolve_hpa(const HpaScenario& hpa);
std::vector<LoadedMetric> resolve_load(const HpaScenario& hpa);

}  // namespace casim::sim

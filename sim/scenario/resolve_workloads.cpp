#include <string>

#include "sim/scenario/batch_scenario.h"
#include "sim/scenario/hpa_scenario.h"

namespace casim::sim {
namespace {

std::optional<std::uint64_t> count_of(const std::optional<int>& number) {
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

HpaMetric::Source source_of(HpaMetricType type) {
  switch (type) {
    case HpaMetricType::kCpu:
      return HpaMetric::Source::kCpu;
    case HpaMetricType::kMemory:
      return HpaMetric::Source::kMemory;
    case HpaMetricType::kPods:
      return HpaMetric::Source::kPods;
    case HpaMetricType::kObject:
      return HpaMetric::Source::kObject;
    case HpaMetricType::kExternal:
      return HpaMetric::Source::kExternal;
  }
  return HpaMetric::Source::kCpu;
}

std::int64_t thousandths(double value) {
  return static_cast<std::int64_t>(value < 9.0e15 ? value * 1000 + 0.5 : 9.0e18);
}

HpaMetric resolve_metric(const HpaMetricScenario& given) {
  HpaMetric metric;
  metric.source = source_of(given.type);
  if (given.average_utilization) {
    metric.kind = HpaMetric::Target::kUtilization;
    metric.target = *given.average_utilization;
  } else if (given.average_value) {
    metric.kind = HpaMetric::Target::kAverageValue;
    metric.target = thousandths(*given.average_value);
  } else {
    metric.kind = HpaMetric::Target::kValue;
    metric.target = thousandths(given.value.value_or(1));
  }
  return metric;
}

HpaRules resolve_rules(const HpaRulesScenario& given, HpaRules rules) {
  if (given.stabilization_window_seconds) rules.window_s = *given.stabilization_window_seconds;
  rules.select = given.select_policy;
  rules.tolerance = given.tolerance;
  if (given.policies.empty()) return rules;
  rules.policies.clear();
  for (const HpaPolicyScenario& policy : given.policies) {
    rules.policies.push_back(
        {policy.type == HpaPolicyType::kPercent, policy.value, policy.period_seconds});
  }
  return rules;
}

}  // namespace

JobSpec resolve_job(const JobTemplate& job) {
  JobSpec spec;
  spec.parallelism = count_of(job.parallelism).value_or(1);
  spec.completions = count_of(job.completions);
  if (!job.parallelism && !job.completions) spec.completions = 1;
  spec.is_indexed = job.completion_mode == CompletionMode::kIndexed;
  spec.backoff_limit = count_of(job.backoff_limit);
  spec.backoff_limit_per_index = count_of(job.backoff_limit_per_index);
  spec.max_failed_indexes = count_of(job.max_failed_indexes);
  spec.active_deadline_s = job.active_deadline_seconds;
  spec.replaces_failed_only = job.pod_replacement_policy == PodReplacementPolicy::kFailed;
  return spec;
}

CronJobSpec resolve_cron_job(const CronJobWorkload& cron_job) {
  CronJobSpec spec;
  // A schedule that cannot be read was told of already.
  if (const auto schedule = CronSchedule::parse(cron_job.schedule)) spec.schedule = *schedule;
  spec.concurrency = cron_job.concurrency_policy;
  spec.starting_deadline_s = cron_job.starting_deadline_seconds;
  spec.successful_history = cron_job.successful_jobs_history_limit;
  spec.failed_history = cron_job.failed_jobs_history_limit;
  return spec;
}

HpaRelease hpa_release(const std::string& version) {
  for (int minor = HpaRelease::kOldest; minor <= HpaRelease::kNewest; ++minor) {
    if (version == "1." + std::to_string(minor)) return {minor};
  }
  return {};  // said already
}

HpaSpec resolve_hpa(const HpaScenario& hpa) {
  HpaSpec spec;
  spec.min = hpa.min_replicas;
  spec.max = hpa.max_replicas;
  for (const HpaMetricScenario& metric : hpa.metrics) {
    spec.metrics.push_back(resolve_metric(metric));
  }
  if (!hpa.behavior) return spec;
  spec.behavior = {resolve_rules(hpa.behavior->scale_up, HpaRules::default_up()),
                   resolve_rules(hpa.behavior->scale_down, HpaRules::default_down())};
  return spec;
}

std::vector<LoadedMetric> resolve_load(const HpaScenario& hpa) {
  std::vector<LoadedMetric> out;
  for (const HpaMetricScenario& metric : hpa.metrics) {
    out.push_back({source_of(metric.type), DemandCurve(metric.load), metric.lag});
  }
  return out;
}

}  // namespace casim::sim

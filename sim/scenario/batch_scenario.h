// Jobs and CronJobs as a user writes them: the members that decide, by Kubernetes' own names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/scenario/pod_template.h"
#include "sim/workloads/cron_job_controller.h"
#include "sim/workloads/job_spec.h"
#include "src/core/time.h"

namespace casim::sim {

enum class CompletionMode { kNonIndexed, kIndexed };
enum class PodReplacementPolicy { kTerminatingOrFailed, kFailed };

// spec of a Job, and what its pods do: each runs for a time, and some of them fail then.
struct JobTemplate {
  std::optional<int> parallelism;  // none: 1
  std::optional<int> completions;  // none: 1, or a work queue where parallelism is given
  CompletionMode completion_mode = CompletionMode::kNonIndexed;
  std::optional<int> backoff_limit;  // none: 6, or none beside backoffLimitPerIndex
  std::optional<int> backoff_limit_per_index;
  std::optional<int> max_failed_indexes;
  std::optional<std::int64_t> active_deadline_seconds;
  PodReplacementPolicy pod_replacement_policy = PodReplacementPolicy::kTerminatingOrFailed;
  Duration run_for{};
  double failure_rate = 0;  // of pods, at the end of their run time
  PodTemplate pod;
};

struct JobWorkload {
  Duration at{};
  JobTemplate job;
};

struct CronJobWorkload {
  std::string schedule;
  CronConcurrency concurrency_policy = CronConcurrency::kAllow;
  std::optional<std::int64_t> starting_deadline_seconds;
  int successful_jobs_history_limit = 3;
  int failed_jobs_history_limit = 1;
  JobTemplate job;
};

JobSpec resolve_job(const JobTemplate& job);
CronJobSpec resolve_cron_job(const CronJobWorkload& cron_job);

}  // namespace casim::sim

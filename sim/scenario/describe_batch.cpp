#include "sim/scenario/describe.h"

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_most;
using config::not_blank;

namespace {

constexpr int kMostJobPods = 1'000'000'000;

void describe_job(config::Visitor& v, JobTemplate& j) {
  v.field("parallelism", j.parallelism, "pods at a time; absent: 1", at_least(0),
          at_most(kMostJobPods));
  v.field("completions", j.completions,
          "pods that must succeed; absent: 1, or where parallelism is given as in a work queue: "
          "done when one has and no other runs",
          at_least(1), at_most(kMostJobPods));
  v.field("completionMode", j.completion_mode, "Indexed: each completion has an index");
  v.field("backoffLimit", j.backoff_limit,
          "failed pods beyond which the Job fails; absent: 6, or none with backoffLimitPerIndex",
          at_least(0));
  v.field("backoffLimitPerIndex", j.backoff_limit_per_index,
          "failed pods beyond which an index fails, each with its own back-off", at_least(0));
  v.field("maxFailedIndexes", j.max_failed_indexes,
          "failed indexes beyond which the Job fails at once; absent: when all have ended",
          at_least(0));
  v.field("activeDeadlineSeconds", j.active_deadline_seconds,
          "time after which the Job fails, from its start", at_least(1));
  v.field("podReplacementPolicy", j.pod_replacement_policy,
          "whether a pod that is being deleted has failed already, or only when it has ended");
  v.required("run_for", j.run_for, "run time of a pod from running", above(Duration{}));
  v.field("failure_rate", j.failure_rate, "share of pods that fail at the end of their run time",
          config::probability());
  v.required("pod", j.pod, "the pods, in Kubernetes' own field names");
  const bool is_indexed = j.completion_mode == CompletionMode::kIndexed;
  v.check("completions", !is_indexed || j.completions || !j.parallelism,
          "is needed with completionMode Indexed");
  v.check("backoffLimitPerIndex", !j.backoff_limit_per_index || is_indexed,
          "needs completionMode Indexed");
  v.check("maxFailedIndexes", !j.max_failed_indexes || j.backoff_limit_per_index,
          "needs backoffLimitPerIndex");
}

}  // namespace

void describe(config::Visitor& v, JobWorkload& j) {
  v.field("at", j.at, "when the Job is created", at_least(Duration{}));
  describe_job(v, j.job);
}

void describe(config::Visitor& v, CronJobWorkload& c) {
  v.required("schedule", c.schedule,
             "minute, hour, day of month, month, day of week, in UTC, or @hourly, @daily, ...",
             not_blank());
  v.field("concurrencyPolicy", c.concurrency_policy, "what happens while a Job of it runs");
  v.field("startingDeadlineSeconds", c.starting_deadline_seconds,
          "how late a Job may begin; absent: any time", at_least(0));
  v.field("successfulJobsHistoryLimit", c.successful_jobs_history_limit,
          "finished Jobs that are kept", at_least(0));
  v.field("failedJobsHistoryLimit", c.failed_jobs_history_limit, "failed Jobs that are kept",
          at_least(0));
  describe_job(v, c.job);
  const auto parsed = CronSchedule::parse(c.schedule);
  v.check("schedule", c.schedule.empty() || parsed.has_value(), [&] { return parsed.error(); });
}

}  // namespace casim::sim

// A batch/v1 Job as its controller reads it, and how it ended. restartPolicy is Never: a container
// that fails ends its pod. Source: algorithm 6.2.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/workloads/workload_controller.h"
#include "src/core/time.h"

namespace casim::sim {

struct JobSpec {
  std::uint64_t parallelism = 1;
  std::optional<std::uint64_t> completions = 1;  // none: a work queue, done when one pod succeeds
  bool is_indexed = false;                       // completionMode Indexed
  // None: 6, or without limit beside backoffLimitPerIndex.
  std::optional<std::uint64_t> backoff_limit;
  std::optional<std::uint64_t> backoff_limit_per_index;  // needs is_indexed
  std::optional<std::uint64_t> max_failed_indexes;       // needs backoff_limit_per_index
  std::optional<std::int64_t> active_deadline_s;
  std::optional<std::int64_t> ttl_s;  // ttlSecondsAfterFinished
  bool replaces_failed_only = false;  // podReplacementPolicy Failed, else TerminatingOrFailed
  bool is_suspended = false;
  // Completions that may begin yet: a load whose pods arrive over time. None: all.
  std::optional<std::uint64_t> released;

  std::uint64_t most_failures() const {
    return backoff_limit.value_or(backoff_limit_per_index ? INT32_MAX : 6);
  }
};

struct Job {
  Owner owner;  // the API object; its uid is the spec's owner_uid
  PodBlueprint pods;
  JobSpec spec;
};

// Conditions of a Job that are its end, or lead to it.
enum class JobCondition : std::uint8_t { kSuccessCriteriaMet, kComplete, kFailureTarget, kFailed };
enum class JobReason : std::uint8_t {
  kCompletionsReached,
  kBackoffLimitExceeded,
  kDeadlineExceeded,
  kMaxFailedIndexesExceeded,
  kFailedIndexes,
};

const char* name_of(JobCondition condition);
const char* name_of(JobReason reason);

}  // namespace casim::sim

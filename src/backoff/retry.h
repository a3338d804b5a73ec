// One call with its attempts, as a machine without clock or chance: told of a failure, it answers
// how long to wait before the next attempt, or why there is none. What the calls of a client share
// (quota, limiter) is handed in. Source: ec2.md 4.1.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>

#include "src/backoff/retry_quota.h"
#include "src/backoff/settings.h"
#include "src/core/time.h"

namespace casim::backoff {

// Why a failure is the call's answer.
enum class GaveUp : std::uint8_t { kNotRetryable, kMaxAttempts, kTotalTimeout, kQuota };

class Retry {
 public:
  // `quota` null: retries are free. Both outlive the call.
  Retry(const RetrySettings& settings, RetryQuota* quota, TimePoint began)
      : settings_(settings), quota_(quota), began_(began) {}

  // An attempt has failed. `hint`: of the server's hints the one that the settings heed; u uniform
  // in [0, 1). The cost is taken now, before the wait.
  std::expected<Duration, GaveUp> on_failure(FailureKind kind, std::optional<Duration> hint,
                                             double u, TimePoint now);
  void on_success();

  int attempts_failed() const { return failed_; }

 private:
  Duration next_delay(FailureKind kind, std::optional<Duration> hint, double u);

  const RetrySettings& settings_;
  RetryQuota* quota_;
  TimePoint began_;
  int failed_ = 0;
  FailureKind paid_for_ = FailureKind::kFinal;  // by the last retry; kFinal: none yet
  std::optional<Duration> previous_;
};

}  // namespace casim::backoff

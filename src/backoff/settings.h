// All rules of one client that tries again, as numbers. Named sets of them are in preset.h.
// Source: ec2.md 4.1.
#pragma once

#include <cstdint>
#include <optional>

#include "src/backoff/classification.h"
#include "src/backoff/delay.h"
#include "src/core/time.h"

namespace casim::backoff {

// Tokens that retries pay with, so that a service that is down is not asked three times as often.
struct QuotaRule {
  int capacity = 500;
  int transient_cost = 14;
  int timeout_cost = 14;
  int throttle_cost = 5;
  // A success after retries gives back the cost of the last one; Go's v1 one token more. A success
  // at once gives one token.
  bool adds_one_after_retry = false;

  int cost_of(FailureKind kind) const;

  bool operator==(const QuotaRule&) const = default;
};

// What a server may say of the time to wait.
enum class ServerHints : std::uint8_t {
  kNone,
  kAmz,         // x-amz-retry-after
  kAmzAndHttp,  // Retry-After as well
};

struct RetrySettings {
  int max_attempts = 3;  // of a call, the first included
  DelayRule delay;
  Duration transient_base{};  // delay.h's b, by the failure just received
  Duration throttle_base{};
  std::optional<QuotaRule> quota;          // none: retries are free
  ServerHints hints = ServerHints::kNone;  // that are heeded
  bool is_adaptive = false;                // adaptive_limiter.h before each attempt
  Classification classification;
  std::optional<Duration> attempt_timeout;  // an attempt without reply for so long has failed
  std::optional<Duration> total_timeout;    // no attempt begins so long after the first

  bool operator==(const RetrySettings&) const = default;
};

}  // namespace casim::backoff

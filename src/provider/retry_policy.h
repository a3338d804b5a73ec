// When an EC2 call is tried again. A stand-in: capped exponential backoff with full jitter, until
// src/backoff brings the presets of the SDKs (ec2.md 4) behind these two functions.
#pragma once

#include <cstdint>
#include <optional>

#include "src/core/time.h"
#include "src/ec2/attempt.h"
#include "src/provider/types.h"

namespace casim::provider {

// What a failed attempt is answered with.
enum class RetryClass : std::uint8_t {
  kThrottled,       // later, however often
  kTransient,       // later, a few times
  kOutOfResources,  // not here: another pool may have it
  kPermanent,       // never
};

// ec2.md 2 and 4.1. Lack of capacity comes first although it is an HTTP 500, which SDKs retry.
RetryClass retry_class_of(const ec2::AttemptError& error);

// What a slot says of it; the code is never empty.
SlotFailure failure_of(const ec2::AttemptError& error);

// How long the pauses between the attempts of one call are, and when it is given up.
struct RetryPolicy {
  Duration base = std::chrono::seconds(1);  // that of throttling in ec2.md 4.1
  Duration max = std::chrono::seconds(20);  // that of ec2.md 4.1
  int transient_tries = 3;                  // in total

  // After so many failed attempts of one call (at least 1), of them `transient` not throttled: how
  // long to wait, or nothing when it is enough. u in (0, 1).
  std::optional<Duration> delay_after(RetryClass retry_class, int failures, int transient,
                                      double u) const;
};

}  // namespace casim::provider

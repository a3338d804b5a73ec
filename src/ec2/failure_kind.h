// What a failed attempt on EC2 is to each generation of AWS SDK. Source: ec2.md 4.1 (measured); the
// names that C++ knows beyond those: its table of core errors.
#pragma once

#include <optional>
#include <string_view>

#include "src/backoff/classification.h"
#include "src/core/time.h"
#include "src/ec2/attempt.h"

namespace casim::ec2 {

backoff::FailureKind failure_kind_of(const AttemptError& error,
                                     const backoff::Classification& rule);

// Whether the SDK could read the reply at all; else its own parser fails, and it says nothing of
// code or status. True without a reply.
bool is_readable(const AttemptError& error, const backoff::Classification& rule);

// The value of x-amz-retry-after, whole milliseconds; none: negative or no number. One that is
// beyond a year is a year.
std::optional<Duration> parse_retry_after(std::string_view value);

}  // namespace casim::ec2

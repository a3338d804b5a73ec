// What a failed attempt on EC2 is to each generation of AWS SDK. Source: ec2.md 4.1 (measured); the
// names that C++ knows beyond those: its table of core errors.
#pragma once

#include <optional>
#include <string_view>

#include "src/backoff/classification.h"
#include "src/backoff/settings.h"
#include "src/core/time.h"
#include "src/ec2/attempt.h"

namespace casim::ec2 {

backoff::FailureKind failure_kind_of(const AttemptError& error,
                                     const backoff::Classification& rule);

// Whether the SDK could read the reply at all; else its own parser fails, and it says nothing of
// code or status. True without a reply.
bool is_readable(const AttemptError& error, const backoff::Classification& rule);

// The status that counts. An error document under 200 is an error to us, though to no SDK (ec2.md
// 9): it has the status that EC2 sends with its code, and 400 where nobody knows the code.
int status_of(const AttemptError& error);

// What the server asks a client to wait. x-amz-retry-after goes before Retry-After, which only some
// clients read.
std::optional<Duration> hint_of(const AttemptError& error, backoff::ServerHints hints);

// The value of x-amz-retry-after, whole milliseconds; none: negative or no number. One that is
// beyond a year is a year.
std::optional<Duration> parse_retry_after(std::string_view value);
// That of Retry-After, whole seconds. A date, its other form, is none: no client is known to read
// it.
std::optional<Duration> parse_http_retry_after(std::string_view value);

}  // namespace casim::ec2

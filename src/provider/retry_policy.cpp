#include "src/provider/retry_policy.h"

#include <algorithm>
#include <cassert>

#include "src/provider/failure.h"

namespace casim::provider {

RetryClass retry_class_of(const ec2::AttemptError& error) {
  if (const std::optional<ec2::ErrorCode> code = error.code.known()) {
    const ec2::ErrorCodeInfo& info = ec2::info_of(*code);
    if (info.is_shortage) return RetryClass::kOutOfResources;
    if (info.retry == ec2::SdkRetry::kThrottle) return RetryClass::kThrottled;
    if (info.retry == ec2::SdkRetry::kTransient) return RetryClass::kTransient;
  }
  if (error.fault != ec2::Fault::kNone) return RetryClass::kTransient;
  if (error.http_status == 429) return RetryClass::kThrottled;
  return error.http_status >= 500 ? RetryClass::kTransient : RetryClass::kPermanent;
}

SlotFailure failure_of(const ec2::AttemptError& error) {
  return make_failure(ec2::reason_of(error), error.message);
}

std::optional<Duration> RetryPolicy::delay_after(RetryClass retry_class, int failures,
                                                 int transient, double u) const {
  assert(failures >= 1);
  switch (retry_class) {
    case RetryClass::kOutOfResources:
    case RetryClass::kPermanent:
      return std::nullopt;
    case RetryClass::kTransient:
      if (transient >= transient_tries) return std::nullopt;
      break;
    case RetryClass::kThrottled:
      break;
  }
  // Doubling stops at the cap, so that it cannot overflow.
  Duration ceiling = base;
  for (int i = 1; i < failures && ceiling < max; ++i) ceiling *= 2;
  return from_seconds(u * to_seconds(std::min(ceiling, max)));
}

}  // namespace casim::provider

#include "src/provider/retry_policy.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <string_view>

#include "src/provider/failure.h"

namespace casim::provider {
namespace {

// ec2.md 4.1, throttle codes whatever the status.
constexpr std::array<std::string_view, 14> kThrottleCodes = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};

std::string code_of(const ec2::AttemptError& error) {
  if (!error.code.empty()) return error.code;
  switch (error.fault) {
    case ec2::Fault::kReset:
      return "ConnectionReset";
    case ec2::Fault::kConnectTimeout:
      return "ConnectTimeout";
    case ec2::Fault::kReadTimeout:
      return "ReadTimeout";
    case ec2::Fault::kNone:
      return "Http" + std::to_string(error.http_status);
  }
  assert(false && "not a Fault");
  return "Unknown";
}

}  // namespace

RetryClass retry_class_of(const ec2::AttemptError& error) {
  if (std::ranges::find(kThrottleCodes, error.code) != kThrottleCodes.end()) {
    return RetryClass::kThrottled;
  }
  if (error_class_of(error.code) == SlotFailure::kOutOfResources) {
    return RetryClass::kOutOfResources;
  }
  if (error.fault != ec2::Fault::kNone) return RetryClass::kTransient;
  if (error.http_status == 429) return RetryClass::kThrottled;
  if (error.http_status >= 500) return RetryClass::kTransient;
  if (error.code == "RequestTimeout" || error.code == "RequestTimeoutException") {
    return RetryClass::kTransient;
  }
  return RetryClass::kPermanent;
}

SlotFailure failure_of(const ec2::AttemptError& error) {
  return make_failure(code_of(error), error.message);
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

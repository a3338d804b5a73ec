#include "src/provider/relaunch.h"

#include "src/ec2/failure_kind.h"

namespace casim::provider {
namespace {

// Credentials or a clock that are out of date: both are put right while the provider runs (ec2.md
// 1.6, 2).
bool is_of_credentials(ec2::ErrorCode code) {
  switch (code) {
    case ec2::ErrorCode::kAuthFailure:
    case ec2::ErrorCode::kRequestExpired:
    case ec2::ErrorCode::kExpiredToken:
      return true;
    default:
      return false;
  }
}

}  // namespace

LaunchError launch_error_of(const ec2::AttemptError& error) {
  const std::optional<ec2::ErrorCode> code = error.code.known();
  if (code && ec2::info_of(*code).is_shortage) return LaunchError::kOutOfResources;
  if (code && is_of_credentials(*code)) return LaunchError::kTransient;
  // The provider's own eyes are the sharpest: whatever some SDK would try again.
  switch (ec2::failure_kind_of(error, {.retry_429 = true, .retry_non_xml_5xx = true})) {
    case backoff::FailureKind::kThrottle:
      return LaunchError::kThrottled;
    case backoff::FailureKind::kTransient:
    case backoff::FailureKind::kTimeout:
      return LaunchError::kTransient;
    case backoff::FailureKind::kFinal:
      break;
  }
  return ec2::status_of(error) >= 500 ? LaunchError::kTransient : LaunchError::kPermanent;
}

std::optional<Duration> Relaunch::delay_after(LaunchError error, double u, TimePoint now) {
  const bool goes_on = error == LaunchError::kThrottled ||
                       (error == LaunchError::kTransient && now - began_ < policy_.transient_for);
  if (!goes_on) return std::nullopt;
  const backoff::DelayRule rule{.kind = policy_.kind, .max = policy_.max_backoff};
  previous_ = backoff::delay_of(rule, policy_.base, failed_++, u, previous_);
  return previous_;
}

}  // namespace casim::provider

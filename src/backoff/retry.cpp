#include "src/backoff/retry.h"

#include <algorithm>

namespace casim::backoff {
namespace {

// So much may a hint of the server add to the client's own delay (ec2.md 4.1).
constexpr Duration kHintAdds = std::chrono::seconds(5);

}  // namespace

std::expected<Duration, GaveUp> Retry::on_failure(FailureKind kind, std::optional<Duration> hint,
                                                  double u, TimePoint now) {
  ++failed_;
  if (kind == FailureKind::kFinal) return std::unexpected(GaveUp::kNotRetryable);
  if (failed_ >= settings_.max_attempts) return std::unexpected(GaveUp::kMaxAttempts);
  const Duration delay = next_delay(kind, hint, u);
  if (settings_.total_timeout && now - began_ + delay >= *settings_.total_timeout) {
    return std::unexpected(GaveUp::kTotalTimeout);
  }
  if (quota_ != nullptr && !quota_->take(kind)) return std::unexpected(GaveUp::kQuota);
  paid_for_ = kind;
  previous_ = delay;
  return delay;
}

void Retry::on_success() {
  if (quota_ != nullptr) quota_->on_success(paid_for_);
}

Duration Retry::next_delay(FailureKind kind, std::optional<Duration> hint, double u) {
  const Duration base =
      kind == FailureKind::kThrottle ? settings_.throttle_base : settings_.transient_base;
  const Duration own = delay_of(settings_.delay, base, failed_ - 1, u, previous_);
  if (!hint) return own;
  return std::max(own, std::min(*hint, own + kHintAdds));
}

}  // namespace casim::backoff

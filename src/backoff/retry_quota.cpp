#include "src/backoff/retry_quota.h"

#include <algorithm>
#include <cassert>

namespace casim::backoff {

int QuotaRule::cost_of(FailureKind kind) const {
  switch (kind) {
    case FailureKind::kFinal:
      return 0;
    case FailureKind::kTransient:
      return transient_cost;
    case FailureKind::kTimeout:
      return timeout_cost;
    case FailureKind::kThrottle:
      return throttle_cost;
  }
  assert(false && "not a FailureKind");
  return 0;
}

bool RetryQuota::take(FailureKind kind) {
  const int cost = rule_.cost_of(kind);
  if (cost > available_) return false;
  available_ -= cost;
  return true;
}

void RetryQuota::on_success(FailureKind last) {
  const int cost = rule_.cost_of(last);
  const bool adds_one = last == FailureKind::kFinal || rule_.adds_one_after_retry;
  available_ =
      std::max(available_, std::min(rule_.capacity, available_ + cost + (adds_one ? 1 : 0)));
}

}  // namespace casim::backoff

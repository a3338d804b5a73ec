#include "sim/controllers/try_limiter.h"

#include <algorithm>

namespace casim::sim {

double TryLimiter::tokens(TimePoint now) const {
  return std::min(1.0, tokens_ + to_seconds(now - last_) * static_cast<double>(qps_));
}

Duration TryLimiter::missing(TimePoint now) const {
  const double deficit = 1.0 - tokens(now);
  if (deficit <= 0) return Duration{};
  return Duration(static_cast<Duration::rep>(deficit / static_cast<double>(qps_) * 1e9));
}

bool TryLimiter::try_accept(TimePoint now) {
  if (qps_ <= 0 || missing(now) > Duration{}) return false;
  tokens_ = tokens(now) - 1.0;
  last_ = now;
  return true;
}

TimePoint TryLimiter::ready_at(TimePoint now) const {
  if (qps_ <= 0) return kTimeNever;
  TimePoint at = now + missing(now);
  while (missing(at) > Duration{}) at += Duration(1);  // what Go cuts off
  return at;
}

void TryLimiter::swap(float qps, TimePoint now) {
  if (qps == qps_) return;
  const bool had_token = try_accept(now);
  *this = TryLimiter(qps);
  last_ = now;
  if (!had_token && qps > 0) try_accept(now);
}

}  // namespace casim::sim

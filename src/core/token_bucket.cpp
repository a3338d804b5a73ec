#include "src/core/token_bucket.h"

#include <algorithm>
#include <cassert>

namespace casim {

namespace {

constexpr double kBeyond = 100 * 365.0 * 86400 * 1e9;  // no run is so long

}  // namespace

TokenBucket::TokenBucket(double qps, int burst) : qps_(qps), burst_(burst), tokens_(burst) {
  assert(qps == 0 || (qps > 0 && burst > 0));
}

TimePoint TokenBucket::reserve(TimePoint now) {
  if (qps_ == 0) return now;
  assert(now >= last_);
  const Duration elapsed = now - last_;
  // time.Duration.Seconds() of Go: whole seconds and the rest apart.
  const auto whole = elapsed.count() / 1'000'000'000;
  const auto rest = elapsed.count() % 1'000'000'000;
  const double seconds = static_cast<double>(whole) + static_cast<double>(rest) / 1e9;
  tokens_ = std::min(burst_, tokens_ + seconds * qps_) - 1;
  last_ = now;
  if (tokens_ >= 0) return now;
  const double wait = 1e9 * (-tokens_ / qps_);
  if (wait >= kBeyond) return kTimeNever;
  return now + Duration(static_cast<Duration::rep>(wait));
}

}  // namespace casim

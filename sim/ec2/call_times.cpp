#include "sim/ec2/call_times.h"

#include <algorithm>

namespace casim::sim {
namespace {

constexpr Duration kLeastLatency = std::chrono::microseconds(1);
constexpr Duration kLongestLatency = std::chrono::hours(100 * 365 * 24);  // as Distribution's

}  // namespace

Duration CallTimes::next(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                         const Slowness& slowness) {
  const std::uint64_t n = drawn_[hash_bytes(purpose, key)]++;
  return nth(latency, purpose, key, n, slowness);
}

Duration CallTimes::nth(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                        std::uint64_t n, const Slowness& slowness) const {
  const Duration drawn = latency.duration(random_.uniform(purpose, key, n));
  const Duration slow = std::max(kLeastLatency, slowed(drawn, slowness.factor));
  return std::min(kLongestLatency, slow + slowness.delay);
}

Duration CallTimes::slowed(Duration latency, double factor) const {
  const double slowness = slow_mode_ * factor;
  if (slowness == 1) return latency;
  return std::min(kLongestLatency, from_seconds(to_seconds(latency) * slowness));
}

}  // namespace casim::sim

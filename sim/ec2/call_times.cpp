#include "sim/ec2/call_times.h"

#include <algorithm>

namespace casim::sim {
namespace {

constexpr Duration kLeastLatency = std::chrono::microseconds(1);
constexpr Duration kLongestLatency = std::chrono::hours(100 * 365 * 24);  // as Distribution's

}  // namespace

Duration CallTimes::next(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                         double factor) {
  const std::uint64_t n = drawn_[hash_bytes(purpose, key)]++;
  return nth(latency, purpose, key, n, factor);
}

Duration CallTimes::nth(const Distribution& latency, std::string_view purpose, std::uint64_t key,
                        std::uint64_t n, double factor) const {
  return std::max(kLeastLatency,
                  slowed(latency.duration(random_.uniform(purpose, key, n)), factor));
}

Duration CallTimes::slowed(Duration latency, double factor) const {
  const double slowness = slow_mode_ * factor;
  if (slowness == 1) return latency;
  return std::min(kLongestLatency, from_seconds(to_seconds(latency) * slowness));
}

}  // namespace casim::sim

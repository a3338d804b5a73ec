#include "sim/ec2/refill_bucket.h"

#include <algorithm>
#include <cassert>

namespace casim::sim {

namespace {

// Refill rates such as 0.1 are no exact binary fractions; ten of them must make a token.
constexpr double kTolerance = 1e-9;

}  // namespace

RefillBucket::RefillBucket(BucketConfig config) : config_(config), tokens_(config.capacity) {}

bool RefillBucket::has(double amount, TimePoint now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  assert(second >= second_);
  tokens_ =
      std::min(config_.capacity, tokens_ + config_.refill * static_cast<double>(second - second_));
  second_ = second;
  return tokens_ + kTolerance >= amount;
}

void RefillBucket::take(double amount) {
  tokens_ -= amount;
  assert(tokens_ >= -2 * kTolerance);
}

}  // namespace casim::sim

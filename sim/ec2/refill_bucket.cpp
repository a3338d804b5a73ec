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
  refill_until(now);
  return tokens_ + kTolerance >= amount;
}

void RefillBucket::take(double amount) {
  tokens_ -= amount;
  assert(tokens_ >= -2 * kTolerance);
}

void RefillBucket::set_refill_share(double share, TimePoint now) {
  refill_until(now);
  refill_share_ = share;
}

void RefillBucket::refill_until(TimePoint now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  assert(second >= second_);
  const double refill = config_.refill * refill_share_;
  tokens_ = std::min(config_.capacity, tokens_ + refill * static_cast<double>(second - second_));
  second_ = second;
}

}  // namespace casim::sim

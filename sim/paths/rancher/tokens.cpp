#include "sim/paths/rancher/tokens.h"

#include <algorithm>

namespace casim::sim {
namespace {

constexpr Duration kLeastTtl = std::chrono::minutes(30);
constexpr Duration kLeastGrace = std::chrono::minutes(10);

}  // namespace

RancherTokens::RancherTokens(const RancherTokenConfig& config, const Random& random)
    : ttl_(std::max(config.ttl.value_or(kLeastTtl), kLeastTtl)),
      grace_(std::max(config.grace, kLeastGrace)) {
  if (!config.ttl) return;
  if (grace_ >= ttl_) grace_ = std::max(ttl_ * 8 / 10, kLeastGrace);
  const Duration most = std::min(ttl_ / 10, config.jitter_max);
  const double u = random.uniform("rancher.token_jitter", 0, 0);
  first_rotation_ = kTimeZero + ttl_ + from_seconds(u * to_seconds(most)) - config.age;
}

TimePoint RancherTokens::good_until(TimePoint at) const {
  if (first_rotation_ == kTimeNever) return kTimeNever;
  TimePoint rotation = first_rotation_;
  if (rotation <= at) rotation += ttl_ * ((at - rotation) / ttl_ + 1);
  return rotation + grace_;
}

}  // namespace casim::sim

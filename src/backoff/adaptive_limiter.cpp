#include "src/backoff/adaptive_limiter.h"

#include <algorithm>
#include <cmath>

namespace casim::backoff {
namespace {

// ec2.md 4.4.
constexpr double kScale = 0.4;
constexpr double kBeta = 0.7;
constexpr double kSmoothing = 0.8;  // weight of the newest measurement
constexpr double kBucketsPerS = 2;  // rates are measured over half seconds
constexpr double kLeastRate = 0.5;  // 1/s
constexpr double kMostOverMeasured = 2;

// Rounding of the clock must not make a waiter wait again for nothing.
constexpr double kWholeToken = 1 - 1e-9;

}  // namespace

AdaptiveLimiter::AdaptiveLimiter(double now_s)
    : refilled_s_(now_s), bucket_s_(std::floor(now_s)), throttled_s_(now_s) {}

double AdaptiveLimiter::take(double now_s) {
  if (!state_.is_on) return 0;
  refill(now_s);
  if (state_.tokens < kWholeToken) return (1 - state_.tokens) / state_.fill_rate;
  state_.tokens -= 1;
  return 0;
}

void AdaptiveLimiter::on_answer(bool throttled, double now_s) {
  measure(now_s);
  double rate = 0;
  if (throttled) {
    w_max_ = state_.is_on ? std::min(state_.measured_rate, state_.fill_rate) : state_.measured_rate;
    throttled_s_ = now_s;
    state_.is_on = true;
    rate = kBeta * w_max_;
  } else {
    rate = kScale * std::pow(now_s - throttled_s_ - plateau_s(), 3) + w_max_;
  }
  set_rate(std::min(rate, kMostOverMeasured * state_.measured_rate), now_s);
}

// Seconds from a throttling until the rate is back at what it was then.
double AdaptiveLimiter::plateau_s() const { return std::cbrt(w_max_ * (1 - kBeta) / kScale); }

void AdaptiveLimiter::measure(double now_s) {
  counted_ += 1;
  const double bucket = std::floor(now_s * kBucketsPerS) / kBucketsPerS;
  if (bucket <= bucket_s_) return;
  const double rate = counted_ / (bucket - bucket_s_);
  state_.measured_rate = kSmoothing * rate + (1 - kSmoothing) * state_.measured_rate;
  counted_ = 0;
  bucket_s_ = bucket;
}

void AdaptiveLimiter::refill(double now_s) {
  const double filled = state_.tokens + (now_s - refilled_s_) * state_.fill_rate;
  state_.tokens = std::min(state_.capacity, filled);
  refilled_s_ = now_s;
}

void AdaptiveLimiter::set_rate(double rate, double now_s) {
  refill(now_s);  // what came so far came at the old rate
  state_.fill_rate = std::max(rate, kLeastRate);
  state_.capacity = std::max(rate, 1.0);
  state_.tokens = std::min(state_.tokens, state_.capacity);
}

}  // namespace casim::backoff

#include "sim/paths/crossplane/breaker.h"

#include <algorithm>

namespace casim::sim {

bool Breaker::passes_update(TimePoint now) {
  const bool before = passes(now);
  const bool after = passes(now);
  return before || after;
}

bool Breaker::passes(TimePoint now) {
  const bool is_probe = is_open_ && now > probed_ + config_.probe;
  const bool is_passed = !is_open_ || is_probe;
  if (is_probe) probed_ = now;
  record(now);
  return is_passed;
}

// Dropped ones count, too: the first one after the open time closes it.
void Breaker::record(TimePoint now) {
  tokens_ = std::min(config_.burst, tokens_ + config_.refill * to_seconds(now - last_));
  last_ = now;
  if (is_open_ && now - opened_ < config_.open) return;
  is_open_ = false;
  if (tokens_ >= 1) {
    tokens_ -= 1;
    return;
  }
  is_open_ = true;
  opened_ = now;
  probed_ = now;
}

}  // namespace casim::sim

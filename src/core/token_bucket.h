// The limiter of client-go (flowcontrol over golang.org/x/time/rate): `burst` tokens at most,
// `qps` new ones a second, a turn is reserved in order of submission and may lie in the future.
// The Kubernetes API's clients have it, and the provider's client of EC2. Written with Go's own
// arithmetic, so that turns agree to the nanosecond.
#pragma once

#include "src/core/time.h"

namespace casim {

// One client's limiter.
class TokenBucket {
 public:
  TokenBucket(double qps, int burst);  // qps 0: no limit

  // Takes a token and says when it is there; kTimeNever: beyond all time. Requires: times that do
  // not fall.
  TimePoint reserve(TimePoint now);

 private:
  double qps_;
  double burst_;
  double tokens_;  // negative: turns given away in advance
  TimePoint last_{};
};

}  // namespace casim

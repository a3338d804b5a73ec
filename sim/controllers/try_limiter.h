// The limiter of client-go as TryAccept uses it (flowcontrol over golang.org/x/time/rate, burst 1):
// a token or none, never a wait. The rate is a 32-bit float upstream, so that one of 0.01 per
// second gives a token after a little more than 100 s.
#pragma once

#include "src/core/time.h"

namespace casim::sim {

class TryLimiter {
 public:
  explicit TryLimiter(float qps) : qps_(qps) {}  // full; qps 0: never a token

  bool try_accept(TimePoint now);
  // The first instant, not before `now`, at which it would; kTimeNever: none.
  TimePoint ready_at(TimePoint now) const;
  // Another rate: the new limiter is full, unless the old one has no token now (SwapLimiter).
  void swap(float qps, TimePoint now);

  float qps() const { return qps_; }

 private:
  double tokens(TimePoint now) const;
  // How long until the token that is missing at `now` is there.
  Duration missing(TimePoint now) const;

  float qps_;
  double tokens_ = 1;
  TimePoint last_{};
};

}  // namespace casim::sim

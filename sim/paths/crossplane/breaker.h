// The circuit breaker of one composite resource in Crossplane's core: events of the objects that it
// watches take tokens, and when none is left it opens: events are dropped, but for one now and
// then, until the first one after the open time. An update is asked for twice, with the object as
// it was and as it is, and passes if either does. Events of objects that are being deleted do not
// ask. Source: provisioning-paths.md 1.1 [XP internal/circuit].
#pragma once

#include "src/core/time.h"

namespace casim::sim {

struct BreakerConfig {
  double burst = 100;
  double refill = 1;  // tokens per second
  Duration open = std::chrono::seconds(300);
  Duration probe = std::chrono::seconds(30);  // open, one passes after more than this
};

class Breaker {
 public:
  explicit Breaker(const BreakerConfig& config) : config_(config), tokens_(config.burst) {}

  bool passes_update(TimePoint now);
  // Of a creation or the like.
  bool passes(TimePoint now);

  bool is_open() const { return is_open_; }

 private:
  void record(TimePoint now);

  BreakerConfig config_;
  double tokens_;
  TimePoint last_{};
  bool is_open_ = false;
  TimePoint opened_{};
  TimePoint probed_{};
};

}  // namespace casim::sim

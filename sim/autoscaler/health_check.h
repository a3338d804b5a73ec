// What /health-check answers: whether the process still starts loops, and still ends some of them
// without error. Source: metrics/liveness.go, loop/run.go.
#pragma once

#include <algorithm>

#include "sim/autoscaler/options.h"
#include "src/core/time.h"

namespace casim::sim {

class HealthCheck {
 public:
  // `start`: of the process.
  HealthCheck(const AutoscalerOptions& options, TimePoint start)
      : activity_timeout_(options.max_inactivity),
        success_timeout_(options.max_failing_time),
        startup_timeout_(options.max_startup_time),
        last_activity_(start),
        last_success_(start) {}

  void note_loop_started(TimePoint now) { last_activity_ = now; }

  void note_success(TimePoint now) {
    last_activity_ = now;
    last_success_ = now;
    has_succeeded_ = true;
  }

  // Healthy up to and including this instant, if nothing is noted until then.
  TimePoint healthy_until() const {
    const bool is_starting = !has_succeeded_ && startup_timeout_ > Duration{};
    const Duration activity = is_starting ? startup_timeout_ : activity_timeout_;
    const Duration success = is_starting ? startup_timeout_ : success_timeout_;
    return std::min(last_activity_ + activity, last_success_ + success);
  }

  bool is_healthy(TimePoint now) const { return now <= healthy_until(); }

 private:
  Duration activity_timeout_;
  Duration success_timeout_;
  Duration startup_timeout_;  // for both until the first success; 0: none (before 1.36)
  TimePoint last_activity_;
  TimePoint last_success_;
  bool has_succeeded_ = false;
};

}  // namespace casim::sim

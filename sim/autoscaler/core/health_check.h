// What /health-check answers: whether the process still starts loops, and still ends some of them
// without error. Source: metrics/liveness.go, loop/run.go.
#pragma once

#include <algorithm>

#include "sim/autoscaler/options/options.h"
#include "src/core/time.h"

namespace casim::sim {

// Upstream's metrics.HealthCheck.
class HealthCheck {
 public:
  // `start`: of the process.
  HealthCheck(const AutoscalerOptions& options, TimePoint start)
      : activity_timeout_(options.max_inactivity),
        success_timeout_(options.max_failing_time),
        startup_timeout_(options.max_startup_time),
        last_activity_(start),
        last_success_(start) {}

  // Counts as activity, not as success.
  void note_loop_started(TimePoint now) { last_activity_ = now; }

  // A loop ended without error, or with a transient one.
  void note_success(TimePoint now) {
    last_activity_ = now;
    last_success_ = now;
    has_succeeded_ = true;
  }

  // Healthy up to and including this instant, if nothing is noted until then.
  TimePoint healthy_until() const {
    const bool is_starting = !has_succeeded_ && startup_timeout_ > Duration{};
    if (is_starting) return std::min(last_activity_, last_success_) + startup_timeout_;
    return limit_once_started();
  }

  // Healthy until then, whatever is noted: the first success can bring the limit nearer.
  TimePoint surely_healthy_until() const { return std::min(healthy_until(), limit_once_started()); }

  bool is_healthy(TimePoint now) const { return now <= healthy_until(); }

 private:
  TimePoint limit_once_started() const {
    return std::min(last_activity_ + activity_timeout_, last_success_ + success_timeout_);
  }

  Duration activity_timeout_;
  Duration success_timeout_;
  Duration startup_timeout_;  // for both until the first success; 0: none (before 1.36)
  TimePoint last_activity_;
  TimePoint last_success_;
  bool has_succeeded_ = false;
};

}  // namespace casim::sim

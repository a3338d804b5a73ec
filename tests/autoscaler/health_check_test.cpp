#include "sim/autoscaler/core/health_check.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a process is unhealthy later than the last loop plus max-inactivity", "[autoscaler]") {
  const AutoscalerOptions options;
  HealthCheck health(options, kTimeZero);
  health.note_success(kTimeZero + 10s);
  health.note_loop_started(kTimeZero + 20s);
  const TimePoint limit = kTimeZero + 20s + options.max_inactivity;
  CHECK(health.is_healthy(limit));
  CHECK_FALSE(health.is_healthy(limit + 1ns));
}

TEST_CASE("loops that only fail are no success", "[autoscaler]") {
  const AutoscalerOptions options;
  HealthCheck health(options, kTimeZero);
  health.note_success(kTimeZero + 10s);
  for (Duration t = 20s; t < 20min; t += 10s) health.note_loop_started(kTimeZero + t);
  CHECK(health.healthy_until() == kTimeZero + 10s + options.max_failing_time);
}

TEST_CASE("until the first success the startup time counts", "[autoscaler]") {
  AutoscalerOptions options;
  CHECK(HealthCheck(options, kTimeZero).healthy_until() == kTimeZero + options.max_startup_time);
  // The first success can come at any time, and then the shorter limits count.
  CHECK(HealthCheck(options, kTimeZero).surely_healthy_until() ==
        kTimeZero + options.max_inactivity);
  options.max_startup_time = Duration{};  // before 1.36
  CHECK(HealthCheck(options, kTimeZero).healthy_until() == kTimeZero + options.max_inactivity);
}

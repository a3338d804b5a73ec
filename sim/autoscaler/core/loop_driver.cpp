#include "sim/autoscaler/core/loop_driver.h"

#include <algorithm>

namespace casim::sim {
namespace {

// Between the starts of two loops, where the interval says nothing else: on a virtual clock a loop
// may take no time, and with an interval of 0 or less none would ever pass. The shortest measured
// loop of the real one took 1.5 ms (1.2a).
constexpr Duration kLeastPeriod = std::chrono::milliseconds(1);

}  // namespace

LoopDriver::LoopDriver(LoopTiming timing, LoopBody& body, UnschedulableSignal& signal, Clock& clock)
    : timing_(timing), body_(body), signal_(signal), clock_(clock) {}

Awaitable<void> LoopDriver::run(TimePoint end) {
  TimePoint last_run = clock_.now();
  TimePoint previous_run = last_run;
  TimePoint not_before = last_run;
  while (true) {
    co_await wait(previous_run, not_before);
    // Behind everything else of this instant: what the last loop started and takes no time ends
    // before the next one, and the world has settled.
    const TimePoint start = clock_.now();
    co_await clock_.sleep_until(start);
    if (start > end) co_return;
    previous_run = last_run;
    last_run = start;
    not_before = start + kLeastPeriod;
    co_await body_.run_loop();
  }
}

Awaitable<void> LoopDriver::wait(TimePoint previous_run, TimePoint not_before) {
  // Go's timers and sleeps of 0 or less end at once.
  const TimePoint when = std::max(clock_.now() + timing_.scan_interval, not_before);
  if (!timing_.frequent) {
    co_await clock_.sleep_until(when);
    co_return;
  }
  // At least as late as the run before the last: the comparison includes equality (1.1).
  if (body_.last_scale_up_time() >= previous_run ||
      body_.last_scale_down_delete_time() >= previous_run) {
    signal_.take();
    co_return;
  }
  co_await signal_.wait_until(clock_, when);
}

}  // namespace casim::sim

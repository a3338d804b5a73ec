#include "sim/autoscaler/core/loop_driver.h"

namespace casim::sim {

LoopDriver::LoopDriver(LoopTiming timing, LoopBody& body, UnschedulableSignal& signal, Clock& clock)
    : timing_(timing), body_(body), signal_(signal), clock_(clock) {}

Awaitable<void> LoopDriver::run(TimePoint end) {
  TimePoint last_run = clock_.now();
  TimePoint previous_run = last_run;
  while (true) {
    co_await wait(previous_run);
    // Behind everything else of this instant: what the last loop started and takes no time ends
    // before the next one, and the world has settled.
    const TimePoint start = clock_.now();
    co_await clock_.sleep_until(start);
    if (start > end) co_return;
    previous_run = last_run;
    last_run = start;
    co_await body_.run_loop();
  }
}

Awaitable<void> LoopDriver::wait(TimePoint previous_run) {
  if (!timing_.frequent) {
    co_await clock_.sleep_for(timing_.scan_interval);
    co_return;
  }
  // At least as late as the run before the last: the comparison includes equality (1.1).
  if (body_.last_scale_up_time() >= previous_run ||
      body_.last_scale_down_delete_time() >= previous_run) {
    signal_.take();
    co_return;
  }
  const TimePoint when = clock_.now() + timing_.scan_interval;
  co_await signal_.wait_until(clock_, when);
}

}  // namespace casim::sim

// When loops run: CA's main. Frequent mode waits on the run before the last, so one productive run
// brings two immediate ones; classic mode sleeps between runs. Source: autoscaler-algorithm.md 1.1.
#pragma once

#include "sim/autoscaler/cluster/unschedulable_signal.h"
#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim::sim {

// What a loop driver drives: the autoscaler, or a test's counter.
class LoopBody {
 public:
  virtual ~LoopBody() = default;
  virtual Awaitable<void> run_loop() = 0;
  // Starts of the last loops that did so; they make a driver in frequent mode go on at once.
  virtual TimePoint last_scale_up_time() const = 0;
  virtual TimePoint last_scale_down_delete_time() const = 0;
};

// The flags that pace loops.
struct LoopTiming {
  Duration scan_interval = std::chrono::seconds(10);  // 0 or less: no pause
  bool frequent = true;                               // --frequent-loops-enabled
};

// Upstream's loop.RunAutoscalerOnce with its LoopTrigger.
class LoopDriver {
 public:
  // All outlive it.
  LoopDriver(LoopTiming timing, LoopBody& body, UnschedulableSignal& signal, Clock& clock);

  // Runs until it is cancelled, or until a loop would start after `end`. Returns at that instant.
  Awaitable<void> run(TimePoint end = kTimeNever);

 private:
  // A timer ends it at `not_before` or later.
  Awaitable<void> wait(TimePoint previous_run, TimePoint not_before);

  LoopTiming timing_;
  LoopBody& body_;
  UnschedulableSignal& signal_;
  Clock& clock_;
};

}  // namespace casim::sim

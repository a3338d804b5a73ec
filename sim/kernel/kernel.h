// Virtual time and what happens in it. Knows times and callbacks, nothing else.
//
// The run loop: (1) run all that is ready at this instant: the executor's posted work, and every
// Pollable (gRPC's completion queue) until both are dry; (2) take exactly one event from the
// queue, which may move time; (3) again. So time moves only when the world is idle.
//
// One thread, one Kernel, one world; any number of them side by side.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sim/kernel/event_handle.h"
#include "sim/kernel/phase.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/time.h"

namespace casim::sim {

// Something with work of its own that is not in the executor: asked after each event.
class Pollable {
 public:
  virtual ~Pollable() = default;
  // Does what is ready now, without blocking; true if there was anything.
  virtual bool poll() = 0;
  // Work is on its way and must arrive at this instant, or is there and was not polled yet: time
  // may not move.
  virtual bool is_busy() const = 0;
};

// Leaves run() and settle(): tasks wake each other for ever, or a Pollable stays busy without work.
class EndlessInstant : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Kernel {
 public:
  using Handler = std::move_only_function<void()>;

  enum class Stop { kDry, kUntil, kEventLimit, kRequested };

  // `start` is the wall time of the timeline's zero.
  explicit Kernel(WallTime start);
  ~Kernel();

  TimePoint now() const;
  WallTime wall(TimePoint t) const;

  // Requires: when >= now(). An event in the past is our bug and aborts.
  EventHandle at(TimePoint when, Phase phase, Handler handler);
  EventHandle after(Duration delay, Phase phase, Handler handler);
  bool cancel(EventHandle handle);  // O(1); false if it ran, was cancelled or never was

  // A Clock whose waits end in the given phase. Lives as long as the kernel.
  Clock& clock(Phase phase);
  asio::any_io_executor executor();

  void add(Pollable& pollable);  // outlives the kernel's last run()
  void remove(Pollable& pollable);

  // Runs events up to and including `until`; afterwards now() is `until` when that is why it
  // stopped. An exception from an event, a task or a Pollable leaves run() as it is. An instant
  // that does not end (100 million pieces of ready work) throws too. Times beyond 146 years are
  // never: they can be cancelled, but do not come.
  Stop run(TimePoint until, std::uint64_t event_limit);
  void request_stop();  // the current event is the last; safe from a signal handler

  // Runs what is ready without moving time: unwinding of cancelled tasks, tear-down.
  void settle();

  // The time of the next event; kTimeNever when the queue is empty.
  TimePoint next_event_time();
  // From inside an event or task: moves time to `when` at once if nothing else in the world could
  // happen up to and including it (no ready work, no Pollable busy, next event later, within
  // run()'s end). False: nothing happened, so arm a timer instead.
  bool try_advance_to(TimePoint when);
  // From outside of run(): moves time to `when`, in which nothing happens. Requires: no event is
  // due up to and including it.
  void advance_to(TimePoint when);

  std::uint64_t events_run() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim

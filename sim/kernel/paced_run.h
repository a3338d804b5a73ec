// A kernel driven by the real clock, so that a world can answer real sockets and other threads:
// virtual time follows real time at a chosen speed, and an event runs when its time has come.
//
// While nothing is due the io_context is served. What arrives through executor() sees the virtual
// time of its instant: all events due by then run first. Virtual time flows in run() only, from
// where the kernel stands; between two runs it stands still, and the kernel may be run by itself.
//
// A world that computes too long, or a machine that sleeps, falls behind and catches up: every
// event runs, in order and at its own virtual time, only late in real time (lag()).
//
// One thread runs it all; others may use executor() and request_stop().
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "sim/kernel/kernel.h"
#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim::sim {

class PacedRun {
 public:
  // `real` runs its handlers on `io`; `speed` is virtual time per real time, above zero. All
  // outlive the runs, as this object outlives what came through executor().
  PacedRun(Kernel& kernel, asio::io_context& io, Clock& real, double speed);
  PacedRun(const PacedRun&) = delete;
  PacedRun& operator=(const PacedRun&) = delete;

  // For sockets and posts from outside: of the io_context, so with its services, and safe to use
  // from any thread. The world itself lives on the kernel's executor.
  asio::any_io_executor executor();

  // Runs until virtual time is `until` (kUntil; a world without events waits), or somebody asks for
  // a stop, of this, of the kernel or of the io_context (kRequested). Exceptions of events and of
  // handlers leave it as they are; it can be called again.
  Kernel::Stop run(TimePoint until);
  void request_stop();  // any thread; for a signal use asio::signal_set

  // Moves virtual time on at once; the events on the way run, and are not late. From what came
  // through executor(), never from an event.
  void skip(Duration d);

  // How late, in real time, the event ran that ran last, and the latest of all.
  Duration lag() const { return lag_; }

  Duration longest_lag() const { return longest_lag_; }

 private:
  class Executor;
  struct Inside;

  bool is_running_here() const;
  TimePoint virtual_now() const;
  TimePoint real_time_of(TimePoint when) const;
  template <class Work>
  void arrive(Work& work);
  void run_to(TimePoint to);
  void catch_up();
  void note_lag();
  void wait();

  Kernel& kernel_;
  asio::io_context& io_;
  Clock& real_;
  const double speed_;
  std::atomic<std::thread::id> thread_{};  // that is in run()
  TimePoint until_{};
  TimePoint virtual_start_{};  // of the current run(), and the real time of that instant
  TimePoint real_start_{};
  bool is_stopped_ = false;
  bool is_inside_ = false;  // the run's own thread is at work in the world
  Duration lag_{};
  Duration longest_lag_{};
};

}  // namespace casim::sim

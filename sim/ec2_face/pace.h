// How virtual time passes for a world that answers real sockets.
#pragma once

#include <functional>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "sim/kernel/kernel.h"
#include "sim/kernel/paced_run.h"
#include "src/core/asio.h"
#include "src/core/clock.h"

namespace casim::sim {

class Pace {
 public:
  virtual ~Pace() = default;
  virtual asio::any_io_executor executor() = 0;  // of sockets, and of all that comes from outside
  virtual void run() = 0;                        // until somebody asks for a stop
  virtual void request_stop() = 0;
  virtual void skip(Duration d) = 0;  // moves time on at once; the events on the way run

  virtual Duration lag() const { return {}; }
};

// By the real clock, at a speed.
class PacedTime final : public Pace {
 public:
  PacedTime(Kernel& kernel, asio::io_context& io, Clock& real, double speed)
      : run_(kernel, io, real, speed) {}

  asio::any_io_executor executor() override { return run_.executor(); }

  void run() override { run_.run(kTimeNever); }

  void request_stop() override { run_.request_stop(); }

  void skip(Duration d) override { run_.skip(d); }

  Duration lag() const override { return run_.lag(); }

 private:
  PacedRun run_;
};

// It stands still but for two things: somebody moves it, and what is under way takes its own time,
// at once. So nobody waits, and all comes in the same order again.
class SteppedTime final : public Pace {
 public:
  SteppedTime(Kernel& kernel, asio::io_context& io, std::function<bool()> is_under_way)
      : kernel_(kernel), io_(io), is_under_way_(std::move(is_under_way)) {}

  asio::any_io_executor executor() override { return io_.get_executor(); }

  void run() override;

  void request_stop() override { is_stopped_ = true; }

  void skip(Duration d) override;

 private:
  Kernel& kernel_;
  asio::io_context& io_;
  std::function<bool()> is_under_way_;
  bool is_stopped_ = false;
};

}  // namespace casim::sim

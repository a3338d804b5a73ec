// When a process is down. Outages may overlap: it is down while any of them lasts, each from its
// first instant to, and without, its last one.
#pragma once

#include <optional>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/core/time.h"

namespace casim::sim {

// A process that faults take down, such as the provider's.
class CrashableProcess {
 public:
  virtual ~CrashableProcess() = default;
  virtual bool is_up() const = 0;
  virtual void crash() = 0;  // what it holds in memory is lost; nothing when it is down
  virtual void start() = 0;  // nothing when it is up
};

// A process that somebody starts again, such as the autoscaler's.
class RecoveringProcess {
 public:
  virtual ~RecoveringProcess() = default;
  // What it holds in memory is lost; nothing when it is down. Down for so long, or else for as long
  // as it takes until somebody notices.
  virtual void crash(std::optional<Duration> down_for) = 0;
};

class ProcessOutages {
 public:
  // Both outlive it, and it outlives the run.
  ProcessOutages(Kernel& kernel, CrashableProcess& process) : kernel_(kernel), process_(process) {}

  ProcessOutages(const ProcessOutages&) = delete;
  ProcessOutages& operator=(const ProcessOutages&) = delete;

  // Crashes the process at `from`, and starts it at `to` unless another outage lasts then. The same
  // instant twice is a restart. Requires: now <= from <= to.
  void add(TimePoint from, TimePoint to);

 private:
  struct Outage {
    TimePoint from{};
    TimePoint to{};
  };

  bool lasts(TimePoint now) const;

  Kernel& kernel_;
  CrashableProcess& process_;
  std::vector<Outage> outages_;
};

}  // namespace casim::sim

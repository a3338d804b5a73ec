// How long machines ran and were paid for, and for what: before their node was Ready, while it
// was, or without ever becoming one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

struct MachineTotals {
  Duration ran{};                // from running to shutting down, or to the end of the run
  Duration before_ready{};       // of that, until the node was Ready for the first time
  std::int64_t never_ready = 0;  // machines that were ended before that
  Duration never_ready_ran{};    // how long those ran
};

class MachineHours {
 public:
  void on_fact(TimePoint at, const Fact& fact);

  MachineTotals totals(TimePoint end) const;

 private:
  struct Machine {
    TimePoint running = kTimeNever;
    TimePoint ready = kTimeNever;
  };

  void on(TimePoint now, const InstanceRunning& fact);
  void on(TimePoint now, const InstanceShuttingDown& fact);
  void on(TimePoint now, const NodeRegistered& fact);
  void on(TimePoint now, const NodeReady& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // not of a machine

  static void add(MachineTotals& totals, const Machine& machine, TimePoint until);

  std::map<std::string, Machine> live_;   // by instance
  std::vector<std::string> instance_of_;  // by NodeId
  MachineTotals ended_;
};

// machines.*
void list_values(SummaryValues& out, const MachineTotals& totals);

}  // namespace casim::sim

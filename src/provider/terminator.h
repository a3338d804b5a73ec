// Asks for machines to be terminated, in the background: those that are asked for within one window
// together, since an autoscaler deletes nodes one call each (externalgrpc.md 3). It does not see to
// the end of it: a removal that fails is asked for again by the next pass of the reconciler, which
// looks at what is still alive. One request per machine at a time.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/async/task_scope.h"
#include "src/core/clock.h"
#include "src/provider/batch_window.h"
#include "src/provider/ports.h"

namespace casim::provider {

class Terminator {
 public:
  // All outlive it.
  Terminator(Clock& clock, Machines& machines, TaskScope& scope, const BatchWindow& window)
      : clock_(clock), machines_(machines), scope_(scope), gathering_(window) {}

  // Those that are asked for already are left out.
  void request(std::vector<std::string> instance_ids);

  bool is_busy() const { return !in_flight_.empty(); }

 private:
  Awaitable<void> run();

  Clock& clock_;
  Machines& machines_;
  TaskScope& scope_;
  Gathering gathering_;
  std::vector<std::string> gathered_;
  std::set<std::string> in_flight_;  // the gathered ones too
};

}  // namespace casim::provider

// Asks for machines to be terminated, in the background. It does not see to the end of it: a
// removal that fails is asked for again by the next pass of the reconciler, which looks at what is
// still alive. One request per machine at a time.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "src/async/task_scope.h"
#include "src/provider/ports.h"

namespace casim::provider {

class Terminator {
 public:
  // Both outlive it.
  Terminator(Machines& machines, TaskScope& scope) : machines_(machines), scope_(scope) {}

  // Those that are asked for already are left out.
  void request(std::vector<std::string> instance_ids);

 private:
  Awaitable<void> run(std::vector<std::string> instance_ids);

  Machines& machines_;
  TaskScope& scope_;
  std::set<std::string> in_flight_;
};

}  // namespace casim::provider

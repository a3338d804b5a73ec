// A fault of a scenario: one of the kinds that are listed here, and nowhere else.
//
// A kind is a struct in a pair of files of its own. It holds what a user writes, and says
//   kKind                the value of "kind" that chooses it;
//   describe(v, kind)    its members, for the reader (src/config/visitor.h);
//   check(check)         what about it does not fit the rest of the scenario;
//   arm(targets)         once, before the run: schedules what it does, on copies of its members.
#pragma once

#include <variant>

#include "sim/faults/ec2_outage.h"
#include "sim/faults/machine_vanishes.h"
#include "sim/faults/provider_crash.h"
#include "sim/faults/rpc.h"
#include "src/config/visitor.h"

namespace casim::sim {

struct Fault {
  std::variant<ProviderCrashFault, RpcFault, MachineVanishesFault, Ec2OutageFault> body;

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets) const;
};

void describe(config::Visitor& v, Fault& fault);

}  // namespace casim::sim

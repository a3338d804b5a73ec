// A fault of a scenario: one of the kinds that are listed here, and nowhere else.
//
// A kind is a struct in a pair of files of its own. It holds what a user writes, and says
//   kKind                the value of "kind" that chooses it;
//   kTimes               the names of the members that say when it begins and how long it lasts;
//   describe(v, kind)    its members, for the reader (src/config/visitor.h);
//   fixed_times()        what the user wrote of begin and length;
//   check(check)         what about it does not fit the rest of the scenario;
//   prepare(targets)     once, before the run, where a kind has it;
//   arm(targets, spell)  before the spell's first instant or at it: schedules what it does then, on
//                        copies of its members. A kind that befalls EC2 alone takes
//                        Ec2FaultTargets, the others FaultTargets.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "sim/faults/api_outage.h"
#include "sim/faults/autoscaler_crash.h"
#include "sim/faults/capacity_loss.h"
#include "sim/faults/clock_skew.h"
#include "sim/faults/connection_reset.h"
#include "sim/faults/ec2_brownout.h"
#include "sim/faults/ec2_errors.h"
#include "sim/faults/ec2_outage.h"
#include "sim/faults/ec2_throttle.h"
#include "sim/faults/expired_credentials.h"
#include "sim/faults/launch_failure.h"
#include "sim/faults/machine_vanishes.h"
#include "sim/faults/never_joins.h"
#include "sim/faults/node_crash.h"
#include "sim/faults/node_not_ready.h"
#include "sim/faults/provider_crash.h"
#include "sim/faults/recurrence.h"
#include "sim/faults/rpc.h"
#include "sim/faults/rpc_connection.h"
#include "sim/faults/rpc_wrong_answer.h"
#include "sim/faults/slow_boot.h"
#include "sim/faults/spot_interruption.h"
#include "sim/faults/zone_outage.h"
#include "src/config/visitor.h"

namespace casim::sim {

struct Fault {
  std::variant<ProviderCrashFault, RpcFault, MachineVanishesFault, Ec2OutageFault, Ec2BrownoutFault,
               Ec2ErrorsFault, Ec2ThrottleFault, CapacityLossFault, ConnectionResetFault,
               LaunchFailureFault, RpcConnectionFault, RpcWrongAnswerFault, NeverJoinsFault,
               SlowBootFault, NodeCrashFault, NodeNotReadyFault, ZoneOutageFault,
               AutoscalerCrashFault, ApiOutageFault, SpotInterruptionFault, ClockSkewFault,
               ExpiredCredentialsFault>
      body;
  std::optional<Recurrence> every = {};  // instead of a fixed begin

  void check(const FaultCheck& check) const;
};

void describe(config::Visitor& v, Fault& fault);

// Once, before the run. What a fault draws is named by its kind and its number among the faults of
// that kind.
void arm_all(const std::vector<Fault>& faults, const FaultTargets& targets);

// Where there is nothing but EC2.
bool befalls_ec2_alone(const Fault& fault);
// Requires: they all do.
void arm_all_at_ec2(const std::vector<Fault>& faults, const Ec2FaultTargets& targets);
// One that comes later, with a number of its own; its begin counts from now.
void arm_at_ec2(const Fault& fault, std::uint32_t number, const Ec2FaultTargets& targets);

}  // namespace casim::sim

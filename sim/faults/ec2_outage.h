// The EC2 API is down: it answers calls with 503 ServiceUnavailable. Machines that run go on
// running. Source: ec2.md 2.
#pragma once

#include <string_view>

#include "sim/faults/ec2_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct Ec2OutageFault {
  static constexpr std::string_view kKind = "ec2_outage";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  Ec2Scope scope = {};

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, Ec2OutageFault& fault);

}  // namespace casim::sim

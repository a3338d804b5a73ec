// The EC2 API is slow: what calls take is multiplied, or a delay that is drawn is added, before
// they have their effect. Source: ec2.md 5.1 has the times of a good day; none of a bad one was
// published.
#pragma once

#include <string_view>

#include "sim/faults/ec2_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/distribution.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct Ec2BrownoutFault {
  static constexpr std::string_view kKind = "ec2_brownout";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  Ec2Scope scope = {};
  double latency_factor = 1;
  Distribution delay = {};  // in addition to the multiplied latency

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, Ec2BrownoutFault& fault);

}  // namespace casim::sim

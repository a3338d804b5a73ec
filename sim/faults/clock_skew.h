// The clock of the provider's machine jumps off, and back when the fault ends: EC2 refuses what is
// signed more than 5 minutes off with AuthFailure, more than 15 with RequestExpired. SDKs that take
// the time of EC2's replies for their signatures (provider.retry.clock_correction) lose the calls
// that are under way at a jump; the others lose all until the clock is right. Source:
// ec2.md 1.6, 9.
#pragma once

#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct ClockSkewFault {
  static constexpr std::string_view kKind = "clock_skew";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  Duration by = std::chrono::minutes(20);  // early or late is the same

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, ClockSkewFault& fault);

}  // namespace casim::sim

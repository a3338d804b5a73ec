// The EC2 API throttles more than the account's own calls explain: as if the buckets were empty, or
// because somebody else of the account uses them. Source: ec2.md 3 (buckets are per account,
// Region and action).
#pragma once

#include <optional>
#include <string_view>

#include "sim/faults/ec2_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct Ec2ThrottleFault {
  static constexpr std::string_view kKind = "ec2_throttle";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  Ec2Scope scope = {};
  // What a neighbour takes of each refill; what the buckets hold then stays (assumed). None: calls
  // of the scope are throttled.
  std::optional<double> tokens_taken = {};

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, Ec2ThrottleFault& fault);

}  // namespace casim::sim

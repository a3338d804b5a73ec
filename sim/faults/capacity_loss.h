// EC2 has no machines of some types in some zones: launches there are refused with
// InsufficientInstanceCapacity, whatever the pools hold. Machines that run go on running.
// Source: ec2.md 2, 5.4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/ec2/types.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct CapacityLossFault {
  static constexpr std::string_view kKind = "capacity_loss";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::vector<std::string> instance_types = {};  // empty: all
  std::vector<std::string> zones = {};           // empty: all
  std::optional<ec2::Lifecycle> lifecycle = {};  // none: both
  double share = 1;                              // of the launches there

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, CapacityLossFault& fault);

}  // namespace casim::sim

// Launches that EC2 accepts and that fail all the same: the instance goes from pending to
// terminated with a state reason. Source: ec2.md 1.5, 5.5.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

// Befalls instances whose pending time ends while it lasts.
struct LaunchFailureFault {
  static constexpr std::string_view kKind = "launch_failure";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::vector<std::string> instance_types = {};  // empty: all, as the next two
  std::vector<std::string> zones = {};
  std::vector<std::string> groups = {};
  double share = 1;  // of the instances that match
  std::string state_reason = "Server.InternalError";

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, LaunchFailureFault& fault);

}  // namespace casim::sim

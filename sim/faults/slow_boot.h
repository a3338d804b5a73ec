// Machines take longer from running to their kubelet's start: a slow image, a registry or a disk
// under load. Source: ec2.md 5.2 has the times of good days and of bad images.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/distribution.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

// Befalls machines that begin to boot while it lasts.
struct SlowBootFault {
  static constexpr std::string_view kKind = "slow_boot";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::vector<std::string> groups = {};  // empty: all
  double share = 1;                      // of the machines
  double boot_factor = 1;
  Distribution delay = {};  // in addition to the multiplied time

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, SlowBootFault& fault);

}  // namespace casim::sim

// Machines of a group disappear without anybody's order.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct MachineVanishesFault {
  static constexpr std::string_view kKind = "machine_vanishes";
  static constexpr TimeNames kTimes{.begin = "at", .length = ""};

  std::optional<Duration> at = {};
  std::string group;
  int count = 1;  // the oldest that run then, as many as there are

  FaultTimes fixed_times() const { return {at, Duration{}}; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, MachineVanishesFault& fault);

}  // namespace casim::sim

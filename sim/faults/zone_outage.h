// An availability zone goes dark: its nodes crash, machines there stay pending, and launches into
// it fail. What runs in other zones, and the EC2 API of the Region, go on. EC2 still shows the
// machines as running, as it did in the outages of single zones that AWS has reported on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/faults/node_crash.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

// What becomes of a launch into the zone.
enum class DarkLaunch : std::uint8_t {
  kRefused,  // InsufficientInstanceCapacity
  kPending,  // it is accepted, and the machine stays pending until the outage is over
};

std::vector<std::pair<DarkLaunch, std::string_view>> enum_names(DarkLaunch);

struct ZoneOutageFault {
  static constexpr std::string_view kKind = "zone_outage";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  std::string zone = {};
  CrashState nodes = CrashState::kDead;
  DarkLaunch launches = DarkLaunch::kRefused;

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, ZoneOutageFault& fault);

}  // namespace casim::sim

// EC2 takes Spot instances back: each gets a notice, and is shut down when it has run out. Source:
// ec2.md 5.6. Beside it, pools have interruptions of their own (ec2.spot).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ec2/config.h"
#include "sim/faults/portion.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

struct SpotInterruptionFault {
  static constexpr std::string_view kKind = "spot_interruption";
  static constexpr TimeNames kTimes{.begin = "at", .length = ""};

  std::optional<Duration> at = {};
  std::vector<std::string> instance_types = {};  // empty: all, as the next two
  std::vector<std::string> zones = {};
  std::vector<std::string> groups = {};
  Portion portion = {};           // of the Spot instances that run then
  Duration spread = kSpotSpread;  // within which the notices come
  Duration notice = kSpotNotice;  // before the shut-down

  FaultTimes fixed_times() const { return {at, Duration{}}; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, SpotInterruptionFault& fault);

}  // namespace casim::sim

// The autoscaler's process dies, and with it all that it remembered: unneeded times, backoffs,
// scale-up requests, deletions that were under way.
#pragma once

#include <optional>
#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct AutoscalerCrashFault {
  static constexpr std::string_view kKind = "autoscaler_crash";
  static constexpr TimeNames kTimes{.begin = "at", .length = "down_for"};

  std::optional<Duration> at = {};
  // None: it is down until a standby takes over or, without leader election, until it is restarted.
  std::optional<Duration> down_for = {};

  FaultTimes fixed_times() const { return {at, down_for.value_or(Duration{})}; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, AutoscalerCrashFault& fault);

}  // namespace casim::sim

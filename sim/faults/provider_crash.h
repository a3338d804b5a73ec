// The provider's process dies and is started again. What its store had not committed is lost.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct ProviderCrashFault {
  static constexpr std::string_view kKind = "provider_crash";
  static constexpr TimeNames kTimes{.begin = "at", .length = "down_for"};

  std::optional<Duration> at = {};
  Duration down_for = std::chrono::seconds(10);

  FaultTimes fixed_times() const { return {at, down_for}; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, ProviderCrashFault& fault);

}  // namespace casim::sim

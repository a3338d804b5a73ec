// Connections to the EC2 API break: before the request got there, or after it had its effect, when
// only the reply is lost. The caller cannot tell which. Source: ec2.md 2, 5.5.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/ec2/conditions.h"
#include "sim/faults/ec2_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct Ec2FaultTargets;

// Against the effect of the call.
enum class ResetWhen : std::uint8_t { kBefore, kAfter };

std::vector<std::pair<ResetWhen, std::string_view>> enum_names(ResetWhen);

struct ConnectionResetFault {
  static constexpr std::string_view kKind = "connection_reset";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  Ec2Scope scope = {};
  ResetWhen when = ResetWhen::kAfter;
  std::optional<ReplyCut> cut = {};  // after the effect; none: a reset

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const Ec2FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, ConnectionResetFault& fault);

}  // namespace casim::sim

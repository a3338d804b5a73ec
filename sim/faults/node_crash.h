// Nodes fall silent while EC2 goes on to show their machines as running: the machine hangs or its
// power is gone, or only its way to the API server. Source: algorithm 5.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/faults/node_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"
#include "src/core/time.h"

namespace casim::sim {

enum class CrashState : std::uint8_t {
  kDead,    // nothing runs there; afterwards the machine boots and its pods start anew
  kSilent,  // the kubelet is cut off; what runs there goes on
};

std::vector<std::pair<CrashState, std::string_view>> enum_names(CrashState);

NodeTrouble trouble_of(CrashState state);

struct NodeCrashFault {
  static constexpr std::string_view kKind = "node_crash";
  static constexpr TimeNames kTimes{.begin = "at", .length = "down_for"};

  std::optional<Duration> at = {};
  std::optional<Duration> down_for = {};  // none: for good
  NodeScope scope = {};
  CrashState state = CrashState::kDead;

  // One that is for good is over at once, so that another can come.
  FaultTimes fixed_times() const { return {at, down_for.value_or(Duration{})}; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, NodeCrashFault& fault);

}  // namespace casim::sim

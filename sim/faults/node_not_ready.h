// Kubelets report their nodes as not Ready for a while: the runtime or the network plugin is down.
// Pods that run go on. Source: algorithm 5.6.
#pragma once

#include <string_view>

#include "sim/faults/node_scope.h"
#include "sim/faults/spell.h"
#include "src/config/visitor.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;

struct NodeNotReadyFault {
  static constexpr std::string_view kKind = "node_not_ready";
  static constexpr TimeNames kTimes = kAtAndFor;

  FaultTimes times = {};
  NodeScope scope = {};

  FaultTimes fixed_times() const { return times; }

  void check(const FaultCheck& check) const;
  void arm(const FaultTargets& targets, const Spell& spell) const;
};

void describe(config::Visitor& v, NodeNotReadyFault& fault);

}  // namespace casim::sim

// Which nodes a fault befalls: all, or those of some groups, zones and static nodes, and of these a
// share or a number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/faults/portion.h"
#include "sim/kubelet/node_life.h"
#include "src/config/visitor.h"
#include "src/core/random.h"

namespace casim::sim {

class FaultCheck;
struct FaultTargets;
struct Spell;

// An empty list of zones stands for all; so do groups and static nodes if both are empty.
struct NodeScope {
  std::vector<std::string> groups = {};
  std::vector<std::string> static_nodes = {};
  std::vector<std::string> zones = {};
  Portion portion = {};  // of the nodes that match

  bool matches(const MachineOfNode& machine) const;  // whatever the portion
  // Those that it befalls of the nodes that are registered now, by name.
  std::vector<std::string> draw(const NodeLife& nodes, const Random& random,
                                std::uint64_t key) const;
  void check(const FaultCheck& check) const;
};

// As members of the fault itself.
void describe_scope(config::Visitor& v, NodeScope& scope);

// Chooses machines at the spell's first instant; for them the trouble begins then, and ends at its
// last.
void trouble(const FaultTargets& targets, const Spell& spell, NodeTrouble what,
             std::function<std::vector<std::string>()> choose);
void trouble_nodes(const FaultTargets& targets, const Spell& spell, NodeTrouble what,
                   const NodeScope& scope);

}  // namespace casim::sim

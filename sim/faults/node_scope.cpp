#include "sim/faults/node_scope.h"

#include <utility>

#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/spell.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

bool NodeScope::matches(const MachineOfNode& machine) const {
  if (!is_listed(zones, machine.zone)) return false;
  if (groups.empty() && static_nodes.empty()) return true;
  const bool is_static = machine.group.empty();
  const std::vector<std::string>& list = is_static ? static_nodes : groups;
  return !list.empty() && is_listed(list, is_static ? machine.name : machine.group);
}

std::vector<std::string> NodeScope::draw(const NodeLife& nodes, const Random& random,
                                         std::uint64_t key) const {
  std::vector<std::string> registered;
  for (const MachineOfNode& machine : nodes.machines()) {
    if (machine.node.is_valid() && matches(machine)) registered.push_back(machine.name);
  }
  return portion.draw(registered, random, "fault.node", key);
}

void NodeScope::check(const FaultCheck& check) const {
  check.names_groups("groups", groups);
  check.names_static_nodes("static_nodes", static_nodes);
  check.names_zones("zones", zones);
}

void describe_scope(config::Visitor& v, NodeScope& s) {
  v.field("groups", s.groups, "nodes of these node groups", config::unique(), config::not_blank());
  v.field("static_nodes", s.static_nodes,
          "these nodes of no group; neither they nor groups given: all nodes, static ones too",
          config::unique(), config::not_blank());
  v.field("zones", s.zones, "of these only the nodes in these zones; empty: all", config::unique(),
          config::not_blank());
  describe_portion(v, s.portion, "these nodes");
}

void trouble(const FaultTargets& targets, const Spell& spell, NodeTrouble what,
             std::function<std::vector<std::string>()> choose) {
  const auto begin = [targets, to = spell.to, what, choose = std::move(choose)] {
    const std::vector<std::string> befallen = choose();
    for (const std::string& machine : befallen) targets.nodes.begin(machine, what);
    if (to == kTimeNever) return;
    targets.kernel.at(to, Phase::kWorld, [&nodes = targets.nodes, befallen, what] {
      for (const std::string& machine : befallen) nodes.end(machine, what);
    });
  };
  targets.kernel.at(spell.from, Phase::kWorld, begin);
}

void trouble_nodes(const FaultTargets& targets, const Spell& spell, NodeTrouble what,
                   const NodeScope& scope) {
  trouble(targets, spell, what,
          [&nodes = targets.nodes, &random = targets.random, scope, key = spell.key] {
            return scope.draw(nodes, random, key);
          });
}

}  // namespace casim::sim

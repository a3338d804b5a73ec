#include "sim/faults/node_crash.h"

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

std::vector<std::pair<CrashState, std::string_view>> enum_names(CrashState) {
  return {{CrashState::kDead, "dead"}, {CrashState::kSilent, "silent"}};
}

NodeTrouble trouble_of(CrashState state) {
  return state == CrashState::kDead ? NodeTrouble::kDead : NodeTrouble::kSilent;
}

void describe(config::Visitor& v, NodeCrashFault& f) {
  v.field("at", f.at, "instant of the crash", config::at_least(Duration{}));
  v.field("down_for", f.down_for,
          "time until a dead machine begins to boot, or a silent one is heard again; absent: for "
          "good",
          config::at_least(Duration{}));
  describe_scope(v, f.scope);
  v.field("state", f.state,
          "dead: nothing runs there, and after it the pods start anew; silent: the kubelet is cut "
          "off, its pods run on");
}

void NodeCrashFault::check(const FaultCheck& check) const { scope.check(check); }

void NodeCrashFault::arm(const FaultTargets& targets, const Spell& spell) const {
  Spell down = spell;
  if (!down_for && spell.to == spell.from) down.to = kTimeNever;
  trouble_nodes(targets, down, trouble_of(state), scope);
}

}  // namespace casim::sim

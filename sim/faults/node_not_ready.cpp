#include "sim/faults/node_not_ready.h"

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {

void describe(config::Visitor& v, NodeNotReadyFault& f) {
  describe_times(v, f.times, "how long they are not Ready");
  describe_scope(v, f.scope);
}

void NodeNotReadyFault::check(const FaultCheck& check) const { scope.check(check); }

void NodeNotReadyFault::arm(const FaultTargets& targets, const Spell& spell) const {
  trouble_nodes(targets, spell, NodeTrouble::kNotReady, scope);
}

}  // namespace casim::sim

#include "sim/faults/machine_vanishes.h"

#include <algorithm>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/provider/ec2_machines.h"

namespace casim::sim {
namespace {

void vanish(Ec2Model& ec2, const std::string& group, int count) {
  const ec2::Tag tag{provider::kGroupTag, group};
  for (const ec2::Instance& instance : ec2.instances()) {  // in order of launch
    if (count == 0) return;
    const bool is_of_group = std::ranges::find(instance.tags, tag) != instance.tags.end();
    if (!is_of_group || instance.state != ec2::InstanceState::kRunning) continue;
    if (ec2.vanish(instance.id)) --count;
  }
}

}  // namespace

using config::at_least;
using config::not_blank;

void describe(config::Visitor& v, MachineVanishesFault& f) {
  v.field("at", f.at, "instant at which it is gone", at_least(Duration{}));
  v.required("group", f.group, "node group that loses machines", not_blank());
  v.field("count", f.count, "how many, oldest first", at_least(1));
}

void MachineVanishesFault::check(const FaultCheck& check) const {
  check.names_group("group", group);
}

void MachineVanishesFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.kernel.at(spell.from, Phase::kWorld, [&ec2 = targets.ec2, group = group, count = count] {
    vanish(ec2, group, count);
  });
}

}  // namespace casim::sim

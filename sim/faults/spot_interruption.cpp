#include "sim/faults/spot_interruption.h"

#include <utility>

#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

void interrupt(const SpotInterruptionFault& fault, Ec2Model& ec2, const Random& random,
               std::uint64_t key) {
  std::vector<std::string> running;
  for (const ec2::Instance& instance : ec2.instances()) {
    if (instance.lifecycle != ec2::Lifecycle::kSpot) continue;
    if (instance.state != ec2::InstanceState::kRunning) continue;
    if (!is_listed(fault.instance_types, instance.type)) continue;
    if (!is_listed(fault.zones, instance.zone)) continue;
    if (is_of_group(fault.groups, instance.tags)) running.push_back(instance.id);
  }
  for (const std::string& id :
       fault.portion.draw(running, random, "fault.spot_interruption", key)) {
    const double u = random.uniform("fault.spot_interruption.spread", key, hash_bytes(id));
    ec2.interrupt(id, from_seconds(u * to_seconds(fault.spread)), fault.notice);
  }
}

}  // namespace

void describe(config::Visitor& v, SpotInterruptionFault& f) {
  v.field("at", f.at, "instant from which on notices come", config::at_least(Duration{}));
  v.field("instance_types", f.instance_types, "EC2 types; empty: all", config::unique(),
          config::not_blank());
  v.field("zones", f.zones, "zones; empty: all", config::unique(), config::not_blank());
  v.field("groups", f.groups, "node groups; empty: all", config::unique(), config::not_blank());
  describe_portion(v, f.portion, "these Spot instances");
  v.field("spread", f.spread, "time within which the notices come", config::at_least(Duration{}));
  v.field("notice", f.notice, "from the notice to the shut-down; EC2 does not promise the 2m",
          config::at_least(Duration{}));
}

void SpotInterruptionFault::check(const FaultCheck& check) const {
  check.names_types("instance_types", instance_types);
  check.names_zones("zones", zones);
  check.names_groups("groups", groups);
  check.befalls_spot(groups.empty() ? "kind" : "groups", groups);
}

void SpotInterruptionFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.kernel.at(spell.from, Phase::kWorld,
                    [fault = *this, &ec2 = targets.ec2, &random = targets.random, key = spell.key] {
                      interrupt(fault, ec2, random, key);
                    });
}

}  // namespace casim::sim

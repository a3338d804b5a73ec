#include "sim/faults/zone_outage.h"

#include <memory>

#include "sim/ec2/conditions.h"
#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class DarkZone final : public Ec2Conditions {
 public:
  DarkZone(const ZoneOutageFault& fault, TimePoint to) : fault_(fault), to_(to) {}

  bool has_capacity(const CapacityQuestion& asked) const override {
    return fault_.launches == DarkLaunch::kPending || asked.zone != fault_.zone;
  }

  TimePoint runs_from(const LaunchQuestion& asked) const override {
    return asked.instance.zone == fault_.zone ? to_ : asked.at;
  }

 private:
  ZoneOutageFault fault_;
  TimePoint to_;
};

// Those that boot as well.
std::vector<std::string> machines_in(const std::string& zone, const NodeLife& nodes) {
  std::vector<std::string> names;
  for (const MachineOfNode& machine : nodes.machines()) {
    if (machine.zone == zone) names.push_back(machine.name);
  }
  return names;
}

}  // namespace

std::vector<std::pair<DarkLaunch, std::string_view>> enum_names(DarkLaunch) {
  return {{DarkLaunch::kRefused, "refused"}, {DarkLaunch::kPending, "pending"}};
}

void describe(config::Visitor& v, ZoneOutageFault& f) {
  describe_times(v, f.times, "how long the zone is dark");
  v.required("zone", f.zone, "availability zone", config::not_blank());
  v.field("nodes", f.nodes,
          "dead: its machines are without power and boot when it is over; silent: they run on, cut "
          "off");
  v.field(
      "launches", f.launches,
      "what becomes of launches into it: refused with InsufficientInstanceCapacity, or accepted "
      "and pending until it is over");
}

void ZoneOutageFault::check(const FaultCheck& check) const { check.names_zone("zone", zone); }

void ZoneOutageFault::arm(const FaultTargets& targets, const Spell& spell) const {
  trouble(targets, spell, trouble_of(nodes),
          [&all = targets.nodes, zone = zone] { return machines_in(zone, all); });
  targets.ec2_conditions.add(spell.from, spell.to, std::make_unique<DarkZone>(*this, spell.to));
}

}  // namespace casim::sim

#include "sim/faults/slow_boot.h"

#include <memory>

#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class SlowMachines final : public BootConditions {
 public:
  SlowMachines(const SlowBootFault& fault, const Random& random, const Spell& spell)
      : fault_(fault), random_(random), key_(spell.key) {}

  BootCourse on_boot(const ec2::Instance& instance, TimePoint /*at*/) const override {
    if (!is_of_group(fault_.groups, instance.tags)) return {};
    if (draw("fault.slow_boot", instance) >= fault_.share) return {};
    return {.factor = fault_.boot_factor,
            .delay = fault_.delay.duration(draw("fault.slow_boot.delay", instance))};
  }

 private:
  double draw(std::string_view purpose, const ec2::Instance& instance) const {
    return random_.uniform(purpose, key_, hash_bytes(instance.id));
  }

  SlowBootFault fault_;
  const Random& random_;
  std::uint64_t key_;
};

}  // namespace

void describe(config::Visitor& v, SlowBootFault& f) {
  describe_times(v, f.times, "how long machines come that boot slowly");
  v.field("groups", f.groups, "node groups; empty: all", config::unique(), config::not_blank());
  v.field("share", f.share, "share of their machines", config::probability());
  v.field("boot_factor", f.boot_factor, "times what they take from running to the kubelet's start",
          config::above(0.0));
  v.field("delay", f.delay, "added to it, drawn for each machine");
}

void SlowBootFault::check(const FaultCheck& check) const { check.names_groups("groups", groups); }

void SlowBootFault::arm(const FaultTargets& targets, const Spell& spell) const {
  targets.boot_conditions.add(spell.from, spell.to,
                              std::make_unique<SlowMachines>(*this, targets.random, spell));
}

}  // namespace casim::sim

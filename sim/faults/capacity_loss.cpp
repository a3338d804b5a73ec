#include "sim/faults/capacity_loss.h"

#include <memory>

#include "sim/ec2/conditions.h"
#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Shortage final : public Ec2Conditions {
 public:
  Shortage(const CapacityLossFault& fault, const Random& random, const Spell& spell)
      : fault_(fault), random_(random), key_(spell.key) {}

  bool has_capacity(const CapacityQuestion& asked) const override {
    if (!is_listed(fault_.instance_types, asked.type)) return true;
    if (!is_listed(fault_.zones, asked.zone)) return true;
    if (fault_.lifecycle && *fault_.lifecycle != asked.lifecycle) return true;
    if (fault_.share >= 1) return false;
    std::uint64_t key = hash_bytes(asked.type, key_);
    key = hash_combine(hash_bytes(asked.zone, key), static_cast<std::uint64_t>(asked.lifecycle));
    return random_.uniform("fault.capacity_loss", key, asked.n) >= fault_.share;
  }

 private:
  CapacityLossFault fault_;
  const Random& random_;
  std::uint64_t key_;
};

}  // namespace

void describe(config::Visitor& v, CapacityLossFault& f) {
  describe_times(v, f.times, "how long there is none");
  v.field("instance_types", f.instance_types, "EC2 types that lack; empty: all", config::unique(),
          config::not_blank());
  v.field("zones", f.zones, "zones in which they lack; empty: all", config::unique(),
          config::not_blank());
  v.field("lifecycle", f.lifecycle, "machines bought so; absent: both");
  v.field("share", f.share, "share of the launches there that find none", config::probability());
}

void CapacityLossFault::check(const FaultCheck& check) const {
  check.names_types("instance_types", instance_types);
  check.names_zones("zones", zones);
}

void CapacityLossFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to,
                             std::make_unique<Shortage>(*this, targets.random, spell));
}

}  // namespace casim::sim

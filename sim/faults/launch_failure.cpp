#include "sim/faults/launch_failure.h"

#include <memory>

#include "sim/ec2/conditions.h"
#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class FailedLaunches final : public Ec2Conditions {
 public:
  FailedLaunches(const LaunchFailureFault& fault, const Random& random, const Spell& spell)
      : fault_(fault), random_(random), key_(spell.key) {}

  std::string_view launch_failure(const LaunchQuestion& asked) const override {
    const ec2::Instance& instance = asked.instance;
    if (!is_listed(fault_.instance_types, instance.type)) return {};
    if (!is_listed(fault_.zones, instance.zone)) return {};
    if (!is_of_group(fault_.groups, instance.tags)) return {};
    const std::uint64_t key = hash_combine(key_, asked.pool);
    if (random_.uniform("fault.launch_failure", key, asked.n) >= fault_.share) return {};
    return fault_.state_reason;
  }

 private:
  LaunchFailureFault fault_;
  const Random& random_;
  std::uint64_t key_;
};

}  // namespace

void describe(config::Visitor& v, LaunchFailureFault& f) {
  describe_times(v, f.times, "how long launches fail");
  v.field("instance_types", f.instance_types, "EC2 types; empty: all", config::unique(),
          config::not_blank());
  v.field("zones", f.zones, "zones; empty: all", config::unique(), config::not_blank());
  v.field("groups", f.groups, "node groups; empty: all", config::unique(), config::not_blank());
  v.field("share", f.share, "share of these instances that fail", config::probability());
  v.field("state_reason", f.state_reason, "what EC2 says of such an instance",
          config::one_of({"Server.InsufficientInstanceCapacity", "Server.InternalError",
                          "Client.InternalError", "Client.InvalidSnapshot.NotFound",
                          "Client.VolumeLimitExceeded"}));
}

void LaunchFailureFault::check(const FaultCheck& check) const {
  check.names_types("instance_types", instance_types);
  check.names_zones("zones", zones);
  check.names_groups("groups", groups);
}

void LaunchFailureFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to,
                             std::make_unique<FailedLaunches>(*this, targets.random, spell));
}

}  // namespace casim::sim

#include "sim/faults/ec2_throttle.h"

#include <memory>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class EmptyBuckets final : public ScopedConditions {
 public:
  using ScopedConditions::ScopedConditions;

 private:
  CallConditions befall(const Ec2Arrival& /*arrival*/) const override {
    CallConditions conditions;
    conditions.throttled = true;
    return conditions;
  }
};

void add_neighbour(const Ec2FaultTargets& targets, ec2::Action action, double share,
                   const Spell& spell) {
  Ec2Model& ec2 = targets.ec2;
  targets.kernel.at(spell.from, Phase::kWorld,
                    [&ec2, action, share] { ec2.add_neighbour(action, share); });
  targets.kernel.at(spell.to, Phase::kWorld,
                    [&ec2, action, share] { ec2.remove_neighbour(action, share); });
}

}  // namespace

void describe(config::Visitor& v, Ec2ThrottleFault& f) {
  describe_times(v, f.times, "how long it throttles");
  describe_scope(v, f.scope);
  v.field("tokens_taken", f.tokens_taken,
          "share of each refill that somebody else of the account takes; absent: the calls find "
          "their buckets empty",
          config::probability());
  v.check("tokens_taken", !f.tokens_taken || (!f.scope.is_of_launches() && f.scope.share == 1),
          "empties the bucket of a whole action: no types, zones, groups or share beside it");
}

void Ec2ThrottleFault::check(const FaultCheck& check) const { scope.check(check); }

void Ec2ThrottleFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  if (!tokens_taken) {
    targets.ec2_conditions.add(spell.from, spell.to,
                               std::make_unique<EmptyBuckets>(scope, targets.random, spell));
    return;
  }
  for (const ec2::ActionInfo& action : ec2::kActions) {
    if (scope.matches({.action = action.action})) {
      add_neighbour(targets, action.action, *tokens_taken, spell);
    }
  }
}

}  // namespace casim::sim

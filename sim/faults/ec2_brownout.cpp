#include "sim/faults/ec2_brownout.h"

#include <memory>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Brownout final : public ScopedConditions {
 public:
  Brownout(const Ec2BrownoutFault& fault, const Random& random, const Spell& spell)
      : ScopedConditions(fault.scope, random, spell),
        factor_(fault.latency_factor),
        delay_(fault.delay) {}

 private:
  CallConditions befall(const Ec2Arrival& arrival) const override {
    CallConditions conditions;
    conditions.latency_factor = factor_;
    conditions.delay = delay_.duration(draw("fault.ec2_brownout.delay", arrival));
    return conditions;
  }

  double factor_;
  Distribution delay_;
};

// The median says whether there is any.
bool is_any(const Distribution& delay) { return delay.quantile(0.5) > 0; }

}  // namespace

void describe(config::Visitor& v, Ec2BrownoutFault& f) {
  describe_times(v, f.times, "how long the API is slow");
  describe_scope(v, f.scope);
  v.field("latency_factor", f.latency_factor, "multiplies what a call takes", config::above(0));
  v.field("delay", f.delay, "added to what a call takes");
  v.check("", f.latency_factor != 1 || is_any(f.delay), "changes nothing: latency_factor or delay");
}

void Ec2BrownoutFault::check(const FaultCheck& check) const { scope.check(check); }

void Ec2BrownoutFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to,
                             std::make_unique<Brownout>(*this, targets.random, spell));
}

}  // namespace casim::sim

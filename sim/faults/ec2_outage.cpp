#include "sim/faults/ec2_outage.h"

#include <memory>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Outage final : public ScopedConditions {
 public:
  using ScopedConditions::ScopedConditions;

 private:
  CallConditions befall(const Ec2Arrival& /*arrival*/) const override {
    CallConditions conditions;
    conditions.refusal =
        Ec2Refusal{ec2::error_reply(ec2::ErrorCode::kServiceUnavailable,
                                    "The request has failed due to a temporary failure of the "
                                    "server."),
                   {}};
    return conditions;
  }
};

}  // namespace

void describe(config::Visitor& v, Ec2OutageFault& f) {
  describe_times(v, f.times, "how long the API is down");
  describe_scope(v, f.scope);
}

void Ec2OutageFault::check(const FaultCheck& check) const { scope.check(check); }

void Ec2OutageFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to,
                             std::make_unique<Outage>(scope, targets.random, spell));
}

}  // namespace casim::sim

#include "sim/faults/expired_credentials.h"

#include <memory>

#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Expired final : public Ec2Conditions {
 public:
  CallConditions on_call(const Ec2Arrival& /*arrival*/) const override {
    CallConditions conditions;
    conditions.refusal =
        Ec2Refusal{ec2::error_reply(ec2::ErrorCode::kRequestExpired, "Request has expired."), {}};
    return conditions;
  }
};

}  // namespace

void describe(config::Visitor& v, ExpiredCredentialsFault& f) {
  describe_times(v, f.times, "how long until there are new ones");
}

void ExpiredCredentialsFault::check(const FaultCheck& /*check*/) const {}

void ExpiredCredentialsFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to, std::make_unique<Expired>());
}

}  // namespace casim::sim

#include "sim/faults/connection_reset.h"

#include <memory>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Resets final : public ScopedConditions {
 public:
  Resets(const ConnectionResetFault& fault, const Random& random, const Spell& spell)
      : ScopedConditions(fault.scope, random, spell),
        when_(fault.when),
        cut_(fault.cut.value_or(ReplyCut::kReset)) {}

 private:
  CallConditions befall(const Ec2Arrival& /*arrival*/) const override {
    CallConditions conditions;
    if (when_ == ResetWhen::kBefore) {
      conditions.refusal = Ec2Refusal{ec2::no_reply(ec2::Fault::kReset), {}};
    } else {
      conditions.reply_lost = true;
      conditions.cut = cut_;
    }
    return conditions;
  }

  ResetWhen when_;
  ReplyCut cut_;
};

}  // namespace

std::vector<std::pair<ResetWhen, std::string_view>> enum_names(ResetWhen) {
  return {{ResetWhen::kBefore, "before"}, {ResetWhen::kAfter, "after"}};
}

void describe(config::Visitor& v, ConnectionResetFault& f) {
  describe_times(v, f.times, "how long connections break");
  describe_scope(v, f.scope);
  v.field("when", f.when, "before the effect of the call, or after it");
  v.field(
      "cut", f.cut,
      "how much of the reply comes: none, with a reset or a close (reset, nothing), part of its "
      "headers, these alone, part of its body, chunks without the last, or part of a 503");
  v.check("cut", f.when == ResetWhen::kAfter || !f.cut,
          "cuts a reply, and before the effect there is none");
}

void ConnectionResetFault::check(const FaultCheck& check) const { scope.check(check); }

void ConnectionResetFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to,
                             std::make_unique<Resets>(*this, targets.random, spell));
}

}  // namespace casim::sim

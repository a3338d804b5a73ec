#include "sim/faults/ec2_errors.h"

#include <memory>
#include <numeric>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Errors final : public ScopedConditions {
 public:
  Errors(const Ec2ErrorsFault& fault, const Random& random, const Spell& spell)
      : ScopedConditions(fault.scope, random, spell),
        errors_(fault.errors),
        sum_(std::accumulate(errors_.begin(), errors_.end(), 0.0,
                             [](double sum, const auto& error) { return sum + error.weight; })) {}

 private:
  CallConditions befall(const Ec2Arrival& arrival) const override {
    double left = draw("fault.ec2_errors.code", arrival) * sum_;
    std::size_t i = 0;
    for (; i + 1 < errors_.size() && left >= errors_[i].weight; ++i) left -= errors_[i].weight;
    CallConditions conditions;
    conditions.refusal = Ec2Refusal{ec2::error_reply(errors_[i].code, "injected fault"), {}};
    return conditions;
  }

  std::vector<Ec2ErrorWeight> errors_;
  double sum_;
};

}  // namespace

void describe(config::Visitor& v, Ec2ErrorWeight& e) {
  v.required("code", e.code, "error code as EC2 writes it, such as InternalError");
  v.field("weight", e.weight, "how often it comes, against the others", config::above(0));
  v.check("code", ec2::info_of(e.code).http_status != 0,
          "is no error of a call: EC2 says it of the parts of a fleet only");
}

void describe(config::Visitor& v, Ec2ErrorsFault& f) {
  describe_times(v, f.times, "how long there are errors");
  describe_scope(v, f.scope);
  v.required("errors", f.errors, "which errors; each call gets one of them", config::at_least_one(),
             config::unique("code"));
}

void Ec2ErrorsFault::check(const FaultCheck& check) const { scope.check(check); }

void Ec2ErrorsFault::arm(const Ec2FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, spell.to,
                             std::make_unique<Errors>(*this, targets.random, spell));
}

}  // namespace casim::sim

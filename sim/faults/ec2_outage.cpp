#include "sim/faults/ec2_outage.h"

#include <memory>

#include "sim/ec2/conditions.h"
#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

class Outage final : public Ec2Conditions {
 public:
  explicit Outage(std::optional<ec2::Action> action) : action_(action) {}

  CallConditions on_call(const Ec2Arrival& arrival) const override {
    CallConditions conditions;
    if (!action_ || arrival.action == *action_) {
      conditions.refusal = Ec2Refusal{
          ec2::error_reply(ec2::ErrorCode::kServiceUnavailable,
                           "The request has failed due to a temporary failure of the server."),
          {}};
    }
    return conditions;
  }

 private:
  std::optional<ec2::Action> action_;
};

}  // namespace

void describe(config::Visitor& v, Ec2OutageFault& f) {
  v.required("at", f.at, "first instant", config::at_least(Duration{}));
  v.required("for", f.length, "how long the API is down", config::above(Duration{}));
  v.field("action", f.action, "EC2 action such as RunInstances; absent: all");
}

void Ec2OutageFault::check(const FaultCheck& check) const { check.begins("at", at); }

void Ec2OutageFault::arm(const FaultTargets& targets) const {
  targets.ec2_conditions.add(kTimeZero + at, kTimeZero + at + length,
                             std::make_unique<Outage>(action));
}

}  // namespace casim::sim

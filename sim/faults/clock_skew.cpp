#include "sim/faults/clock_skew.h"

#include <memory>
#include <optional>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

constexpr Duration kBorne = std::chrono::minutes(5);
constexpr Duration kNotExpired = std::chrono::minutes(15);
// From a refused call's arrival to its answer, as a reply of RequestLimitExceeded takes; assumed.
constexpr Duration kAnswer = std::chrono::milliseconds(50);

// Signatures are off by the clock's error less what the client has learnt of it.
class Skew final : public Ec2Conditions {
 public:
  Skew(Duration by, bool client_learns, const Spell& spell)
      : by_(by), client_learns_(client_learns), spell_(spell) {}

  CallConditions on_call(const Ec2Arrival& arrival) const override {
    if (learnt_at_ && arrival.at >= *learnt_at_) {
      known_ = learning_;
      learnt_at_.reset();
    }
    const Duration error = arrival.at < spell_.to ? by_ : Duration{};
    CallConditions conditions;
    if (error == known_) return conditions;
    if (client_learns_ && !learnt_at_) {
      learning_ = error;
      learnt_at_ = arrival.at + kAnswer;
    }
    const ec2::ErrorCode code =
        by_ > kNotExpired ? ec2::ErrorCode::kRequestExpired : ec2::ErrorCode::kAuthFailure;
    Ec2Refusal refusal{ec2::error_reply(code, "the signature's time is not the current time"),
                       kAnswer};
    refusal.error.clock_difference = by_;
    conditions.refusal = std::move(refusal);
    return conditions;
  }

 private:
  Duration by_;
  bool client_learns_;
  Spell spell_;
  // The client's, of calls in their order.
  mutable Duration known_{};
  mutable Duration learning_{};
  mutable std::optional<TimePoint> learnt_at_;
};

}  // namespace

void describe(config::Visitor& v, ClockSkewFault& f) {
  describe_times(v, f.times, "how long the clock is off");
  v.field("by", f.by, "how far, early or late; EC2 bears 5m", config::above(kBorne),
          config::at_most(std::chrono::hours(24 * 365)));
}

void ClockSkewFault::check(const FaultCheck& /*check*/) const {}

// Until for ever: who has learnt the error has to unlearn it.
void ClockSkewFault::arm(const FaultTargets& targets, const Spell& spell) const {
  targets.ec2_conditions.add(spell.from, kTimeNever,
                             std::make_unique<Skew>(by, targets.client_corrects_clock, spell));
}

}  // namespace casim::sim

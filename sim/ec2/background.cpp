#include "sim/ec2/background.h"

#include "src/ec2/attempt.h"

namespace casim::sim {

void Background::befall(const Ec2Arrival& arrival, CallConditions& conditions) const {
  if (!config_ || conditions.throttled || conditions.refusal || conditions.reply_lost) return;
  const std::uint64_t action = hash_bytes(ec2::name_of(arrival.action));
  if (random_.uniform("ec2.background.internal_error", action, arrival.n) <
      config_->internal_errors) {
    conditions.refusal = Ec2Refusal{
        ec2::error_reply(ec2::ErrorCode::kInternalError, "An internal error has occurred"), {}};
    return;
  }
  if (random_.uniform("ec2.background.timeout", action, arrival.n) >= config_->timeouts) return;
  if (random_.uniform("ec2.background.timeout_effect", action, arrival.n) <
      config_->timeouts_with_effect) {
    conditions.reply_lost = true;
    conditions.cut = ReplyCut::kNothing;
    conditions.reply_lost_after = config_->timeout;
  } else {
    conditions.refusal = Ec2Refusal{ec2::no_reply(ec2::Fault::kConnectTimeout), config_->timeout};
  }
}

}  // namespace casim::sim

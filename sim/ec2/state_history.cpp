#include "sim/ec2/state_history.h"

#include <algorithm>
#include <cassert>

namespace casim::sim {

void StateHistory::leave(const ec2::Instance& instance, TimePoint until) {
  if (!past_.empty()) until = std::max(until, past_.back().until);
  past_.push_back({.state = instance.state,
                   .reason_code = instance.state_reason_code,
                   .reason_message = instance.state_reason_message,
                   .until = until});
}

void StateHistory::terminate() {
  std::erase_if(past_, [](const Past& past) {
    return past.state != ec2::InstanceState::kRunning &&
           past.state != ec2::InstanceState::kShuttingDown;
  });
}

bool StateHistory::is_late(TimePoint now) const {
  return !past_.empty() && past_.back().until > now;
}

void StateHistory::show(TimePoint now, ec2::Instance& instance) const {
  const auto past = std::ranges::find_if(past_, [now](const Past& p) { return p.until > now; });
  assert(past != past_.end());
  instance.state = past->state;
  instance.state_reason_code = past->reason_code;
  instance.state_reason_message = past->reason_message;
}

}  // namespace casim::sim

// What a call that has arrived will do, when it is neither throttled nor refused by the conditions.
#pragma once

#include <functional>

#include "src/core/time.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

// Made on arrival; the effect runs once.
template <class Reply>
struct CallPlan {
  Duration takes{};  // from arrival to effect
  std::move_only_function<ec2::Attempt<Reply>()> effect;
};

}  // namespace casim::sim

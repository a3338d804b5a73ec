// CreateFleet of type instant: asks each pool of its overrides once, in the order of its allocation
// strategy, until the target is met; answers the instances that there are beside the errors of
// pools that gave none, or fewer than they were asked for. Fleets of the other types live on after
// the call, and are refused. assumed: Spot prices rank pools as those on demand do. Source:
// ec2.md 1.2 (BC, instant-fleet).
#pragma once

#include "sim/ec2/call_plan.h"
#include "sim/ec2/call_times.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kCreateFleetErrors[] = {
    ec2::ErrorCode::kInvalidParameterValue, ec2::ErrorCode::kMissingParameter,
    ec2::ErrorCode::kTagLimitExceeded, ec2::ErrorCode::kIdempotentParameterMismatch};

ec2::Attempt<void> check_create_fleet(Ec2State& state, const ec2::CreateFleetRequest& request);
// The state outlives the plan.
CallPlan<ec2::CreateFleetReply> plan_create_fleet(Ec2State& state, ec2::CreateFleetRequest request,
                                                  const Slowness& slowness);

}  // namespace casim::sim

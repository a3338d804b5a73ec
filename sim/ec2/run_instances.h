// RunInstances: checks, client tokens, quota, capacity. What a call gets is settled when it
// arrives: machines are set aside for it, so that two calls in flight cannot share the last one.
// Nobody sees them before the answer. Source: ec2.md 1.4, 3, 5.1.
#pragma once

#include <vector>

#include "sim/ec2/call_plan.h"
#include "sim/ec2/charge.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kRunInstancesErrors[] = {
    ec2::ErrorCode::kInvalidParameterValue,
    ec2::ErrorCode::kInvalidSubnetIdNotFound,
    ec2::ErrorCode::kTagLimitExceeded,
    ec2::ErrorCode::kIdempotentParameterMismatch,
    ec2::ErrorCode::kIdempotentInstanceTerminated,
    ec2::ErrorCode::kVcpuLimitExceeded,
    ec2::ErrorCode::kMaxSpotInstanceCountExceeded,
    ec2::ErrorCode::kInsufficientInstanceCapacity,
    ec2::ErrorCode::kUnsupported};

Charge charge_of(const ec2::RunInstancesRequest& request);  // MaxCount (section 3, A)

ec2::Attempt<void> check_run_instances(const Ec2State& state,
                                       const ec2::RunInstancesRequest& request);
// The state outlives the plan.
CallPlan<ec2::RunInstancesReply> plan_run_instances(Ec2State& state,
                                                    ec2::RunInstancesRequest request,
                                                    const Slowness& slowness);

// Instances that run at once and of which no listener is told: the initial state. Quota and pool
// hold; the conditions are not asked.
ec2::Attempt<std::vector<ec2::Instance>> add_running(Ec2State& state,
                                                     ec2::RunInstancesRequest request);

}  // namespace casim::sim

// CreateTags: sets tags of instances, all of them or none. Two calls at once about one resource:
// the later is refused. Source: ec2.md 1.2, 2.
#pragma once

#include "sim/ec2/call_plan.h"
#include "sim/ec2/call_times.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kCreateTagsErrors[] = {ec2::ErrorCode::kMissingParameter,
                                                       ec2::ErrorCode::kInvalidParameterValue,
                                                       ec2::ErrorCode::kInvalidId,
                                                       ec2::ErrorCode::kInvalidInstanceIdMalformed,
                                                       ec2::ErrorCode::kInvalidInstanceIdNotFound,
                                                       ec2::ErrorCode::kTagLimitExceeded,
                                                       ec2::ErrorCode::kConcurrentTagAccess};

ec2::Attempt<void> check_create_tags(Ec2State& state, const ec2::CreateTagsRequest& request);
// The state outlives the plan.
CallPlan<ec2::CreateTagsReply> plan_create_tags(Ec2State& state, ec2::CreateTagsRequest request,
                                                const Slowness& slowness);

}  // namespace casim::sim

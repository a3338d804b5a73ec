// StartInstances: one bad id, one instance that is not stopped, or too little room for all fails
// the whole call with nothing started (assumed of the room); a repeat succeeds. Source: ec2.md 1.2,
// 1.5, 2.
#pragma once

#include <cstdint>

#include "sim/ec2/charge.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kStartInstancesErrors[] = {
    ec2::ErrorCode::kMissingParameter,
    ec2::ErrorCode::kInvalidParameterValue,
    ec2::ErrorCode::kInvalidInstanceIdMalformed,
    ec2::ErrorCode::kInvalidInstanceIdNotFound,
    ec2::ErrorCode::kIncorrectInstanceState,
    ec2::ErrorCode::kVcpuLimitExceeded,
    ec2::ErrorCode::kInsufficientInstanceCapacity};

Charge charge_of(const ec2::StartInstancesRequest& request);
std::uint64_t draw_key_of(const ec2::StartInstancesRequest& request);  // the first instance

ec2::Attempt<void> check_start_instances(Ec2State& state,
                                         const ec2::StartInstancesRequest& request);
ec2::Attempt<ec2::StartInstancesReply> start_instances(Ec2State& state,
                                                       const ec2::StartInstancesRequest& request);

}  // namespace casim::sim

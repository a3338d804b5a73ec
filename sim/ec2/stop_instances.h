// StopInstances: one bad id, or an instance that can not be stopped, fails the whole call with
// nothing stopped; a repeat succeeds. Source: ec2.md 1.2, 1.5, 2; that Spot instances of one-time
// requests cannot be stopped: EC2 User Guide.
#pragma once

#include <cstdint>

#include "sim/ec2/charge.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kStopInstancesErrors[] = {
    ec2::ErrorCode::kMissingParameter,
    ec2::ErrorCode::kInvalidParameterValue,
    ec2::ErrorCode::kInvalidInstanceIdMalformed,
    ec2::ErrorCode::kInvalidInstanceIdNotFound,
    ec2::ErrorCode::kIncorrectInstanceState,
    ec2::ErrorCode::kUnsupportedOperation,
    ec2::ErrorCode::kUnsupportedHibernationConfiguration};

Charge charge_of(const ec2::StopInstancesRequest& request);
std::uint64_t draw_key_of(const ec2::StopInstancesRequest& request);  // the first instance

ec2::Attempt<void> check_stop_instances(Ec2State& state, const ec2::StopInstancesRequest& request);
ec2::Attempt<ec2::StopInstancesReply> stop_instances(Ec2State& state,
                                                     const ec2::StopInstancesRequest& request);

}  // namespace casim::sim

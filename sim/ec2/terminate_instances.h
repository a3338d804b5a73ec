// TerminateInstances: one bad id fails the whole call with nothing terminated; a repeat succeeds.
// An instance that is protected fails the call too, but only keeps those of its own zone alive.
// Source: ec2.md 1.2, 1.4.
#pragma once

#include <cstdint>

#include "sim/ec2/charge.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kTerminateInstancesErrors[] = {
    ec2::ErrorCode::kMissingParameter, ec2::ErrorCode::kInvalidParameterValue,
    ec2::ErrorCode::kInvalidInstanceIdMalformed, ec2::ErrorCode::kInvalidInstanceIdNotFound,
    ec2::ErrorCode::kOperationNotPermitted};

Charge charge_of(const ec2::TerminateInstancesRequest& request);
std::uint64_t draw_key_of(const ec2::TerminateInstancesRequest& request);  // the first instance

ec2::Attempt<void> check_terminate_instances(Ec2State& state,
                                             const ec2::TerminateInstancesRequest& request);
ec2::Attempt<ec2::TerminateInstancesReply> terminate_instances(
    Ec2State& state, const ec2::TerminateInstancesRequest& request);

}  // namespace casim::sim

// DescribeInstanceStatus: whether instances that run have passed their status checks. No machine
// here is impaired. Source: ec2.md 1.2, 1.4, 5.5.
#pragma once

#include "sim/ec2/charge.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kDescribeInstanceStatusErrors[] = {
    ec2::ErrorCode::kInvalidParameterValue,      ec2::ErrorCode::kInvalidParameterCombination,
    ec2::ErrorCode::kInvalidPaginationToken,     ec2::ErrorCode::kFilterLimitExceeded,
    ec2::ErrorCode::kInvalidInstanceIdMalformed, ec2::ErrorCode::kInvalidInstanceIdNotFound};

Charge charge_of(const ec2::DescribeInstanceStatusRequest& request);  // as DescribeInstances

ec2::Attempt<void> check_describe_instance_status(
    Ec2State& state, const ec2::DescribeInstanceStatusRequest& request);
ec2::Attempt<ec2::DescribeInstanceStatusReply> describe_instance_status(
    Ec2State& state, const ec2::DescribeInstanceStatusRequest& request);

}  // namespace casim::sim

// DescribeInstanceTypes: the types that a zone of the Region offers, by name. Source: ec2.md 1.2;
// that a page holds at most 100 whether asked for or not: EC2's API reference.
#pragma once

#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kDescribeInstanceTypesErrors[] = {
    ec2::ErrorCode::kInvalidParameterValue, ec2::ErrorCode::kInvalidInstanceType,
    ec2::ErrorCode::kFilterLimitExceeded, ec2::ErrorCode::kInvalidPaginationToken};

ec2::Attempt<void> check_describe_instance_types(Ec2State& state,
                                                 const ec2::DescribeInstanceTypesRequest& request);
ec2::Attempt<ec2::DescribeInstanceTypesReply> describe_instance_types(
    Ec2State& state, const ec2::DescribeInstanceTypesRequest& request);

}  // namespace casim::sim

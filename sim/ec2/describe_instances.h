// DescribeInstances: checks of the request, filters, pages. Replies come in order of launch (EC2
// promises none). Source: ec2.md 1.2 to 1.4.
#pragma once

#include "sim/ec2/charge.h"
#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kDescribeInstancesErrors[] = {
    ec2::ErrorCode::kInvalidParameterValue,      ec2::ErrorCode::kInvalidParameterCombination,
    ec2::ErrorCode::kInvalidPaginationToken,     ec2::ErrorCode::kFilterLimitExceeded,
    ec2::ErrorCode::kInvalidInstanceIdMalformed, ec2::ErrorCode::kInvalidInstanceIdNotFound};

// Filtered, paged or by ids: charged to the bigger bucket (section 3, A).
Charge charge_of(const ec2::DescribeInstancesRequest& request);

ec2::Attempt<void> check_describe_instances(Ec2State& state,
                                            const ec2::DescribeInstancesRequest& request);
ec2::Attempt<ec2::DescribeInstancesReply> describe_instances(
    Ec2State& state, const ec2::DescribeInstancesRequest& request);

}  // namespace casim::sim

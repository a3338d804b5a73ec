// DescribeTags: one item per tag, by instance in order of launch, then by key. Source: ec2.md 1.2,
// 1.4.
#pragma once

#include "sim/ec2/ec2_state.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

inline constexpr ec2::ErrorCode kDescribeTagsErrors[] = {ec2::ErrorCode::kInvalidParameterValue,
                                                         ec2::ErrorCode::kFilterLimitExceeded,
                                                         ec2::ErrorCode::kInvalidPaginationToken};

ec2::Attempt<void> check_describe_tags(Ec2State& state, const ec2::DescribeTagsRequest& request);
ec2::Attempt<ec2::DescribeTagsReply> describe_tags(Ec2State& state,
                                                   const ec2::DescribeTagsRequest& request);

}  // namespace casim::sim

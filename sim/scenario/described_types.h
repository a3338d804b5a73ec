// Instance types as `aws ec2 describe-instance-types --output json` prints them. Members that are
// not needed here are passed over. Source: ec2.md 1.2, 6; the API's reference of InstanceTypeInfo.
#pragma once

#include <vector>

#include "src/config/document.h"
#include "src/config/problems.h"
#include "src/ec2/catalogue.h"

namespace casim::sim {

// Without price and zones, which that reply does not say. A type that lacks something is told, and
// left out.
std::vector<ec2::InstanceType> read_described_types(const config::Document& document,
                                                    config::Problems& problems);

}  // namespace casim::sim

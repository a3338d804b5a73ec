// The filters that DescribeInstances knows beside those of tags. Source: ec2.md 1.3 (BC).
#pragma once

#include <span>

#include "sim/ec2/filters.h"
#include "src/ec2/types.h"

namespace casim::sim {

std::span<const FilterRow<ec2::Instance>> instance_filters();

}  // namespace casim::sim

// DescribeInstances over a fleet: checks of the request, filters, pages. Replies come in order of
// launch (EC2 promises none). Filters: tag:<key>, tag-key, instance-state-name, client-token,
// instance-id, instance-type, availability-zone; values match exactly, without wildcards.
// Source: ec2.md 1.2 to 1.4.
#pragma once

#include "sim/ec2/fleet.h"
#include "src/ec2/api.h"

namespace casim::sim {

// Filtered, paged or by ids: charged to the bigger bucket (section 3, A).
bool is_narrowed(const ec2::DescribeInstancesRequest& request);

ec2::Attempt<ec2::DescribeInstancesReply> describe_fleet(
    Fleet& fleet, const ec2::DescribeInstancesRequest& request, int default_page_size);

// "i-" and 8 or 17 hexadecimal digits.
bool is_well_formed_id(const std::string& instance_id);

}  // namespace casim::sim

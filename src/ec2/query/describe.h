// What stands in the requests and replies of each action, in the order in which EC2 documents it.
// Source: ec2.md 1.2, 1.3.
#pragma once

#include "src/ec2/query/fields.h"
#include "src/ec2/requests.h"
#include "src/ec2/types.h"

namespace casim::ec2::query {

// In both.
void describe(Fields& f, Tag& tag);
void describe(Fields& f, FleetOverride& pool);
void describe(Fields& f, LaunchTemplate& launch_template);

void describe(Fields& f, RunInstancesRequest& request);
void describe(Fields& f, DescribeInstancesRequest& request);
void describe(Fields& f, TerminateInstancesRequest& request);
void describe(Fields& f, StopInstancesRequest& request);
void describe(Fields& f, StartInstancesRequest& request);
void describe(Fields& f, CreateTagsRequest& request);
void describe(Fields& f, DescribeTagsRequest& request);
void describe(Fields& f, DescribeInstanceStatusRequest& request);
void describe(Fields& f, DescribeInstanceTypesRequest& request);
void describe(Fields& f, CreateFleetRequest& request);

void describe(Fields& f, RunInstancesReply& reply);
void describe(Fields& f, DescribeInstancesReply& reply);
void describe(Fields& f, TerminateInstancesReply& reply);
void describe(Fields& f, StopInstancesReply& reply);
void describe(Fields& f, StartInstancesReply& reply);
void describe(Fields& f, CreateTagsReply& reply);
void describe(Fields& f, DescribeTagsReply& reply);
void describe(Fields& f, DescribeInstanceStatusReply& reply);
void describe(Fields& f, DescribeInstanceTypesReply& reply);
void describe(Fields& f, CreateFleetReply& reply);

}  // namespace casim::ec2::query

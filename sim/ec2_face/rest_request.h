// What a REST request says, read into requests of EC2. Errors say where and what is allowed.
#pragma once

#include <string>
#include <string_view>

#include "sim/ec2_face/rest_machines.h"
#include "src/ec2/attempt.h"
#include "src/ec2/requests.h"
#include "src/http/message.h"

namespace casim::sim {

// The body, with the client token of the header Idempotency-Key.
ec2::Attempt<NewMachine> read_new_machine(const http::Request& request);
ec2::Attempt<MachineChange> read_change(std::string_view body);

// "maxResults=50&instance-state-name=running&tag:cluster=a": all but maxResults and nextToken are
// filters of DescribeInstances; one that is there several times has several values.
ec2::Attempt<ec2::DescribeInstancesRequest> read_list_query(std::string_view query);

// The one machine that is named so: by its id, else by its client token.
ec2::DescribeInstancesRequest describe_request(const std::string& machine);
bool is_instance_id(std::string_view machine);

}  // namespace casim::sim

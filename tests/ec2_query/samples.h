// Requests and replies in which every member of the wire is set.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "src/ec2/action.h"

namespace casim::ec2::query {

inline RunInstancesRequest full_launch() {
  RunInstancesRequest r;
  r.min_count = 1;
  r.max_count = 3;
  r.instance_type = "m6i.large";
  r.zone = "us-east-1a";
  r.image_id = "ami-1";
  r.lifecycle = Lifecycle::kSpot;
  r.client_token = "t/1";
  r.tags = {{"Name", "a b"}, {"e", ""}};
  r.subnet_id = "subnet-1";
  r.disable_api_termination = true;
  r.dry_run = true;
  r.launch_template = {.id = "lt-1", .name = "", .version = "$Latest"};
  r.key_name = "k";
  r.user_data = "IyE=";
  r.security_group_ids = {"sg-1", "sg-2"};
  r.iam_instance_profile = {.arn = "", .name = "prof"};
  return r;
}

inline DescribeInstancesRequest full_describe() {
  DescribeInstancesRequest r;
  r.instance_ids = {"i-1"};
  r.filters = {{"tag:c", {"a&b=c", "*"}}, {"tag-key", {}}};
  r.max_results = 5;
  r.next_token = "tok/+=";
  return r;
}

inline CreateFleetRequest full_fleet() {
  CreateFleetRequest r;
  r.type = FleetType::kInstant;
  r.launch_template = {.id = "", .name = "lt", .version = "2"};
  r.image_id = "ami-2";
  r.overrides = {{.instance_type = "m6i.large", .zone = "us-east-1a", .priority = 1.5},
                 {.instance_type = "m7i.large", .subnet_id = "subnet-2"}};
  r.target = {.total_target_capacity = 4,
              .on_demand_target_capacity = 1,
              .spot_target_capacity = 0,
              .default_target_capacity_type = Lifecycle::kSpot};
  r.on_demand_allocation = FleetAllocation::kPrioritized;
  r.spot_allocation = FleetAllocation::kPrioritized;
  r.tags = {{"a", "b"}};
  r.client_token = "t";
  return r;
}

inline Instance full_instance(const std::string& id, const std::string& reservation) {
  Instance i;
  i.id = id;
  i.type = "m7g.large";
  i.zone = "eu-west-1b";
  i.lifecycle = Lifecycle::kSpot;
  i.state = InstanceState::kShuttingDown;
  i.state_reason_code = "Server.SpotInstanceTermination";
  i.state_reason_message = "it <was> \"taken\" & gone";
  i.client_token = "token";
  i.ami_launch_index = 2;
  i.launch_time = WallTime{} + std::chrono::days(20'000) + std::chrono::seconds(5);
  i.tags = {{"k", "é ~*"}, {"empty", ""}, {"blank", "  "}};
  i.reservation_id = reservation;
  i.image_id = "ami-1";
  i.subnet_id = "subnet-1";
  i.vpc_id = "vpc-1";
  i.private_ip_address = "10.0.0.9";
  return i;
}

inline InstanceType gpu_type() {
  InstanceType type;
  type.name = "g5.xlarge";
  type.architecture = "amd64";
  type.vcpus = 4;
  type.memory = Bytes(std::int64_t{16} << 30);
  type.gpus = 1;
  type.gpu_model = "A10G";
  type.gpu_memory = Bytes(std::int64_t{24} << 30);
  type.max_pods = 58;
  type.local_storage = Bytes(250'000'000'000);
  type.has_spot = false;
  return type;
}

inline CreateFleetReply full_fleet_reply() {
  const FleetOverride pool{.instance_type = "m6i.large", .zone = "us-east-1a", .priority = 2.0};
  return {
      .fleet_id = "fleet-1",
      .instances = {{{"i-1", "i-2"}, "m6i.large", Lifecycle::kOnDemand, pool}},
      .errors = {{ErrorCode::kInsufficientInstanceCapacity, "none left", Lifecycle::kSpot, pool}}};
}

}  // namespace casim::ec2::query

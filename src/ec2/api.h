// The port to EC2: one call is one attempt on the wire, without retries, which sit above it.
// Implemented by the simulator's Ec2Model and, later, by a signing HTTP client. Actions are added
// as something needs them. Source: ec2.md 1.2, 1.4, 2.
#pragma once

#include <string>
#include <vector>

#include "src/core/asio.h"
#include "src/ec2/attempt.h"
#include "src/ec2/types.h"

namespace casim::ec2 {

struct RunInstancesRequest {
  int min_count = 1;
  int max_count = 1;
  std::string instance_type;
  std::string zone;  // Placement.AvailabilityZone; one call launches in one zone
  std::string image_id;
  Lifecycle lifecycle = Lifecycle::kOnDemand;
  std::string client_token;  // a replay with equal parameters answers with the same instances
  std::vector<Tag> tags;
};

struct Filter {
  std::string name;  // "tag:<key>", "instance-state-name", "client-token", ...
  std::vector<std::string> values;
};

struct DescribeInstancesRequest {
  std::vector<std::string> instance_ids;  // not together with max_results
  std::vector<Filter> filters;
  int max_results = 0;  // 0: unpaged
  std::string next_token;
};

struct DescribeInstancesReply {
  std::vector<Instance> instances;
  std::string next_token;  // empty on the last page
};

class Api {
 public:
  virtual ~Api() = default;
  virtual Awaitable<Attempt<std::vector<Instance>>> run_instances(RunInstancesRequest request) = 0;
  virtual Awaitable<Attempt<DescribeInstancesReply>> describe_instances(
      DescribeInstancesRequest request) = 0;
  virtual Awaitable<Attempt<std::vector<StateChange>>> terminate_instances(
      std::vector<std::string> instance_ids) = 0;
};

}  // namespace casim::ec2

// The port to EC2: one call is one attempt on the wire, without retries, which sit above it.
// Implemented by the simulator's Ec2Model and, later, by a signing HTTP client. Actions are added
// as something needs them. Source: ec2.md 1.2, 1.4, 2.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "src/core/asio.h"
#include "src/core/time.h"
#include "src/ec2/types.h"

namespace casim::ec2 {

enum class BodyForm { kXml, kEmpty, kOther };

// What went wrong below HTTP; kNone when there was a reply.
enum class Fault { kNone, kReset, kConnectTimeout, kReadTimeout };

// Everything a retry policy looks at (ec2.md 4.1).
struct AttemptError {
  std::string code;  // "RequestLimitExceeded"; empty when no XML body said one
  std::string message;
  int http_status = 0;  // 0 when there was no reply
  BodyForm body = BodyForm::kXml;
  std::optional<Duration> retry_after;  // x-amz-retry-after
  Fault fault = Fault::kNone;
};

template <class T>
using Attempt = std::expected<T, AttemptError>;

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

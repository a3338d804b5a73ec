#include "sim/ec2/terminate_instances.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::size_t kMostIds = 1000;

}  // namespace

Charge charge_of(const ec2::TerminateInstancesRequest& request) {
  return {.instances = static_cast<double>(request.instance_ids.size())};
}

std::uint64_t draw_key_of(const ec2::TerminateInstancesRequest& request) {
  return request.instance_ids.empty() ? 0 : hash_bytes(request.instance_ids.front());
}

ec2::Attempt<ec2::TerminateInstancesReply> terminate_instances(
    Ec2State& state, const ec2::TerminateInstancesRequest& request) {
  const std::vector<std::string>& ids = request.instance_ids;
  if (ids.empty()) {
    return std::unexpected(ec2::error_reply(ec2::ErrorCode::kMissingParameter,
                                            "The request must contain the parameter InstanceId"));
  }
  if (ids.size() > kMostIds) {
    return std::unexpected(ec2::error_reply(
        ec2::ErrorCode::kInvalidParameterValue,
        fmt::format("Too many instances: {}. At most {} per call.", ids.size(), kMostIds)));
  }
  std::vector<std::uint64_t> numbers;
  std::set<std::uint64_t> seen;
  for (const std::string& id : ids) {
    ec2::Attempt<std::uint64_t> number = instance_named(state.fleet, id);
    if (!number) return std::unexpected(std::move(number.error()));
    if (seen.insert(*number).second) numbers.push_back(*number);
  }
  ec2::TerminateInstancesReply reply;
  reply.changes.reserve(numbers.size());
  for (const std::uint64_t number : numbers) reply.changes.push_back(state.fleet.terminate(number));
  return reply;
}

}  // namespace casim::sim

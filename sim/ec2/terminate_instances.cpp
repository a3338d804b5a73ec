#include "sim/ec2/terminate_instances.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"
#include "src/core/random.h"

namespace casim::sim {

Charge charge_of(const ec2::TerminateInstancesRequest& request) {
  return {.instances = static_cast<double>(request.instance_ids.size())};
}

std::uint64_t draw_key_of(const ec2::TerminateInstancesRequest& request) {
  return request.instance_ids.empty() ? 0 : hash_bytes(request.instance_ids.front());
}

ec2::Attempt<void> check_terminate_instances(Ec2State& state,
                                             const ec2::TerminateInstancesRequest& request) {
  if (auto named = instances_to_change(state.fleet, request.instance_ids); !named) {
    return std::unexpected(std::move(named.error()));
  }
  return {};
}

ec2::Attempt<ec2::TerminateInstancesReply> terminate_instances(
    Ec2State& state, const ec2::TerminateInstancesRequest& request) {
  const auto numbers = instances_to_change(state.fleet, request.instance_ids).value();
  std::set<std::string> protected_zones;
  std::string protected_id;
  for (const std::uint64_t number : numbers) {
    const FleetInstance& instance = *state.fleet.find(number);
    if (!instance.is_protected) continue;
    protected_zones.insert(instance.shape().zone);
    if (protected_id.empty()) protected_id = instance.shape().id;
  }
  ec2::TerminateInstancesReply reply;
  reply.changes.reserve(numbers.size());
  for (const std::uint64_t number : numbers) {
    if (protected_zones.contains(state.fleet.find(number)->shape().zone)) continue;
    reply.changes.push_back(state.fleet.terminate(number));
  }
  if (protected_zones.empty()) return reply;
  return std::unexpected(ec2::error_reply(
      ec2::ErrorCode::kOperationNotPermitted,
      fmt::format("The instance '{}' may not be terminated. Modify its 'disableApiTermination' "
                  "instance attribute and try again.",
                  protected_id)));
}

}  // namespace casim::sim

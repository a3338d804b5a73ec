#include "sim/ec2/start_instances.h"

#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"
#include "sim/ec2/placement.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::InstanceState;

bool is_on(InstanceState state) {
  return state == InstanceState::kPending || state == InstanceState::kRunning;
}

// Takes room for all of them, or for none.
ec2::Attempt<void> take_room(Ec2State& state, const std::vector<std::uint64_t>& numbers) {
  std::map<std::uint64_t, std::vector<const FleetInstance*>> by_pool;
  for (const std::uint64_t number : numbers) {
    const FleetInstance* instance = state.fleet.find(number);
    if (!is_on(instance->shape().state)) by_pool[instance->pool->key].push_back(instance);
  }
  std::vector<std::pair<InstancePool*, int>> taken;
  for (const auto& [key, instances] : by_pool) {
    const ec2::Instance& shape = instances.front()->shape();
    const auto count = static_cast<int>(instances.size());
    const ec2::Attempt<int> room = fitting(state, {shape.type, shape.zone, shape.lifecycle},
                                           {.least = count, .most = count}, &state.conditions);
    if (!room) {
      for (const auto& [pool, given] : taken) InstancePools::release(*pool, given);
      return std::unexpected(room.error());
    }
    InstancePools::take(*instances.front()->pool, count);
    taken.emplace_back(instances.front()->pool, count);
  }
  return {};
}

}  // namespace

Charge charge_of(const ec2::StartInstancesRequest& request) {
  return {.instances = static_cast<double>(request.instance_ids.size())};
}

std::uint64_t draw_key_of(const ec2::StartInstancesRequest& request) {
  return request.instance_ids.empty() ? 0 : hash_bytes(request.instance_ids.front());
}

ec2::Attempt<void> check_start_instances(Ec2State& state,
                                         const ec2::StartInstancesRequest& request) {
  if (auto named = instances_to_change(state.fleet, request.instance_ids); !named) {
    return std::unexpected(std::move(named.error()));
  }
  return {};
}

ec2::Attempt<ec2::StartInstancesReply> start_instances(Ec2State& state,
                                                       const ec2::StartInstancesRequest& request) {
  const auto numbers = instances_to_change(state.fleet, request.instance_ids).value();
  for (const std::uint64_t number : numbers) {
    const ec2::Instance& instance = state.fleet.find(number)->shape();
    if (is_on(instance.state) || instance.state == InstanceState::kStopped) continue;
    return std::unexpected(ec2::error_reply(
        ec2::ErrorCode::kIncorrectInstanceState,
        fmt::format("The instance '{}' is not in a state from which it can be started.",
                    instance.id)));
  }
  if (ec2::Attempt<void> room = take_room(state, numbers); !room) {
    return std::unexpected(std::move(room.error()));
  }
  ec2::StartInstancesReply reply;
  for (const std::uint64_t number : numbers) {
    const ec2::Instance& instance = state.fleet.find(number)->shape();
    reply.changes.push_back(is_on(instance.state)
                                ? ec2::StateChange{instance.id, instance.state, instance.state}
                                : state.fleet.start_again(number));
  }
  return reply;
}

}  // namespace casim::sim

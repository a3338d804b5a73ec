#include "sim/ec2/stop_instances.h"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using ec2::ErrorCode;
using ec2::InstanceState;

bool is_stopped_or_stopping(InstanceState state) {
  return state == InstanceState::kStopped || state == InstanceState::kStopping;
}

std::optional<ec2::AttemptError> obstacle(const ec2::Instance& instance) {
  if (is_stopped_or_stopping(instance.state)) return std::nullopt;
  if (instance.state != InstanceState::kRunning) {
    return ec2::error_reply(
        ErrorCode::kIncorrectInstanceState,
        fmt::format("The instance '{}' is not in a state from which it can be stopped.",
                    instance.id));
  }
  if (instance.lifecycle == ec2::Lifecycle::kSpot) {
    return ec2::error_reply(
        ErrorCode::kUnsupportedOperation,
        fmt::format("You can't stop the Spot Instance '{}' because it is associated with a "
                    "one-time Spot Instance request.",
                    instance.id));
  }
  return std::nullopt;
}

}  // namespace

Charge charge_of(const ec2::StopInstancesRequest& request) {
  return {.instances = static_cast<double>(request.instance_ids.size())};
}

std::uint64_t draw_key_of(const ec2::StopInstancesRequest& request) {
  return request.instance_ids.empty() ? 0 : hash_bytes(request.instance_ids.front());
}

ec2::Attempt<void> check_stop_instances(Ec2State& state, const ec2::StopInstancesRequest& request) {
  if (auto named = instances_to_change(state.fleet, request.instance_ids); !named) {
    return std::unexpected(std::move(named.error()));
  }
  if (!request.hibernate) return {};
  return std::unexpected(
      ec2::error_reply(ErrorCode::kUnsupportedHibernationConfiguration,
                       fmt::format("The instance '{}' is not configured for hibernation.",
                                   request.instance_ids.front())));
}

ec2::Attempt<ec2::StopInstancesReply> stop_instances(Ec2State& state,
                                                     const ec2::StopInstancesRequest& request) {
  const auto numbers = instances_to_change(state.fleet, request.instance_ids).value();
  for (const std::uint64_t number : numbers) {
    if (auto wrong = obstacle(state.fleet.find(number)->shape())) {
      return std::unexpected(*std::move(wrong));
    }
  }
  ec2::StopInstancesReply reply;
  for (const std::uint64_t number : numbers) {
    const ec2::Instance& instance = state.fleet.find(number)->shape();
    reply.changes.push_back(is_stopped_or_stopping(instance.state)
                                ? ec2::StateChange{instance.id, instance.state, instance.state}
                                : state.fleet.stop(number));
  }
  return reply;
}

}  // namespace casim::sim

// Scale-up requests of the registry: made, fulfilled, timed out, shrunk by creation errors.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/autoscaler/clusterstate/cluster_state.h"

namespace casim::sim {

Awaitable<Result<Duration>> ClusterState::provision_time(LoopId by, NodeGroupPtr group) {
  const Result<NodeGroupOptions> options = co_await group->options(by, options_.group_defaults);
  if (!options) co_return std::unexpected(options.error());
  co_return options->max_node_provision_time;
}

Awaitable<void> ClusterState::register_scale_up(LoopId by, NodeGroupPtr group, int delta) {
  const TimePoint now = clock_.now();  // when IncreaseSize returned
  co_await change_request(by, group, delta, now);
}

Awaitable<void> ClusterState::change_request(LoopId by, NodeGroupPtr group, int delta,
                                             TimePoint now) {
  const Result<Duration> provision = co_await provision_time(by, group);
  if (!provision) co_return;  // the request is lost (externalgrpc.md 4.3)
  const auto entry = requests_.find(group->id());
  if (entry == requests_.end()) {
    if (delta > 0) requests_[group->id()] = ScaleUpRequest{group, delta, now, now + *provision};
    co_return;
  }
  ScaleUpRequest& request = entry->second;
  if (request.increase + delta <= 0) {
    requests_.erase(entry);
    co_return;
  }
  request.increase += delta;
  if (delta > 0) {
    request.time = now;
    request.expected_add_time = now + *provision;
  }
}

Awaitable<void> ClusterState::register_failed_scale_up(LoopId by, NodeGroupPtr group, int delta,
                                                       InstanceErrorInfo error, TimePoint now) {
  observer_.on_scale_up_failed(by, group->id(), error.code, delta);
  if (is_known(group->id())) backoff_.fail(group->id(), std::move(error), now);
  // What the metrics of a failed scale-up ask for.
  co_await provider_.available_gpu_types(by);
  const Result<NodePtr> node = co_await group->template_node(by);
  if (node && *node != nullptr && provider_.known_gpu_label() == nullptr) {
    co_await provider_.gpu_label(by);
  }
}

Awaitable<void> ClusterState::update_requests(LoopId by, TimePoint now) {
  backoff_.forget_stale(now);
  std::vector<std::string> open;
  for (const auto& [group, request] : requests_) open.push_back(group);
  for (const std::string& group : open) {
    if (raw_upcoming(group).value_or(0) <= 0) {
      requests_.erase(group);
      continue;
    }
    const ScaleUpRequest request = requests_.at(group);
    if (request.expected_add_time >= now) continue;
    co_await time_out(by, request, now);
    requests_.erase(group);
  }
  std::erase_if(scale_down_requests_, [now](const ScaleDownRequest& request) {
    return request.expected_delete_time <= now;
  });
}

Awaitable<void> ClusterState::time_out(LoopId by, ScaleUpRequest request, TimePoint now) {
  events_.about_status(
      fmt::format("ScaleUpTimedOut {} {}", request.group->id(), to_seconds(now - request.time)));
  InstanceErrorInfo error;
  error.code = "timeout";
  error.message = "Scale-up timed out for node group " + request.group->id();
  co_await register_failed_scale_up(by, request.group, request.increase, std::move(error), now);
  // The whole recorded increase goes back, also what has arrived.
  if (!has(Behaviour::kTimedOutScaleUpReverted, options_.version)) co_return;
  if (request.increase <= 0) co_return;
  const Result<void> reply = co_await request.group->decrease_target_size(by, -request.increase);
  if (reply) co_return;
  events_.about_status("FailedToRevertScaleUp " + request.group->id() + reply.error().message);
}

Awaitable<void> ClusterState::handle_creation_errors(LoopId by, TimePoint now) {
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) co_await handle_creation_errors_of(by, group, now);
}

namespace {

struct CreationErrors {
  int unseen = 0;
  std::vector<std::string> messages;  // different ones
};

bool has_creation_error(const RpcInstance& instance) {
  return instance.state == RpcInstanceState::kCreating && instance.error.has_value();
}

using ErrorKey = std::pair<std::string, int>;  // code and class

std::map<ErrorKey, CreationErrors> new_errors(const RpcInstances& now, const RpcInstances& before) {
  std::set<std::string> seen;
  for (const RpcInstance& instance : before) {
    if (has_creation_error(instance)) seen.insert(instance.id);
  }
  std::map<ErrorKey, CreationErrors> result;
  for (const RpcInstance& instance : now) {
    if (!has_creation_error(instance)) continue;
    CreationErrors& errors = result[{instance.error->code, instance.error->error_class}];
    if (!seen.contains(instance.id)) ++errors.unseen;
    const std::string& message = instance.error->message;
    if (std::find(errors.messages.begin(), errors.messages.end(), message) ==
        errors.messages.end()) {
      errors.messages.push_back(message);
    }
  }
  return result;
}

std::string joined(const std::vector<std::string>& messages) {
  std::string result;
  for (const std::string& message : messages) {
    if (!result.empty()) result += ", ";
    result += message;
  }
  return result;
}

}  // namespace

Awaitable<void> ClusterState::handle_creation_errors_of(LoopId by, NodeGroupPtr group,
                                                        TimePoint now) {
  const auto current = current_instances_.find(group->id());
  if (current == current_instances_.end()) co_return;
  const RpcInstances& before = previous_instances_[group->id()];
  if (current->second.is_same(before)) co_return;  // no error is new
  const auto errors = new_errors(current->second, before);
  for (const auto& [key, found] : errors) {
    if (found.unseen == 0 || !is_scaling_up(group->id())) continue;
    events_.about_status(
        fmt::format("ScaleUpFailed {} {} {}", found.unseen, group->id(), joined(found.messages)));
    co_await change_request(by, group, -found.unseen, now);
    InstanceErrorInfo error{key.first, joined(found.messages), key.second};
    co_await register_failed_scale_up(by, group, found.unseen, std::move(error), now);
  }
}

}  // namespace casim::sim

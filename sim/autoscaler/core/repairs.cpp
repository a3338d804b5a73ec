#include "sim/autoscaler/core/repairs.h"

#include <utility>

namespace casim::sim {

Repairs::Repairs(const AutoscalerOptions& options, CloudProvider& provider, ClusterState& state,
                 const OrderPolicy& order, LoopObserver& observer, EventRecorder& events)
    : options_(options),
      provider_(provider),
      state_(state),
      order_(order),
      observer_(observer),
      events_(events) {}

Awaitable<std::map<std::string, NodeGroupPtr>> Repairs::groups_by_id(LoopId by) {
  std::map<std::string, NodeGroupPtr> result;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) result[group->id()] = group;
  co_return result;
}

Awaitable<void> Repairs::remove_old_unregistered(LoopId by, TimePoint now) {
  const Result<NodesByGroup> old = co_await old_unregistered(by, now);
  if (!old) co_return;
  const std::map<std::string, NodeGroupPtr> groups = co_await groups_by_id(by);
  for (const auto& [id, nodes] : *old) {
    const auto group = groups.find(id);
    if (group == groups.end()) continue;
    if (!co_await remove_from(by, group->second, nodes)) co_return;
  }
}

Awaitable<Result<Repairs::NodesByGroup>> Repairs::old_unregistered(LoopId by, TimePoint now) {
  NodesByGroup result;
  std::vector<UnregisteredNode> waiting = state_.unregistered();
  order_.arrange({"unregistered-nodes", by}, waiting,
                 [](const UnregisteredNode& instance) { return node_name(instance.node); });
  for (const UnregisteredNode& instance : waiting) {
    const Result<NodeGroupPtr> group = co_await provider_.group_of(by, instance.node);
    if (!group || *group == nullptr) continue;
    const Result<Duration> provision = co_await state_.provision_time(by, *group);
    if (!provision) co_return std::unexpected(provision.error());
    if (instance.since + *provision < now) result[(*group)->id()].push_back(instance.node);
  }
  co_return result;
}

Awaitable<bool> Repairs::remove_from(LoopId by, NodeGroupPtr group, std::vector<NodePtr> nodes) {
  if (!options_.force_delete_unregistered_nodes) {
    const Result<int> size = co_await group->target_size(by);
    if (!size) co_return true;
    const int possible = *size - group->min_size();
    if (possible <= 0) co_return true;
    if (nodes.size() > static_cast<std::size_t>(possible)) {
      nodes.resize(static_cast<std::size_t>(possible));
    }
  }
  Result<std::vector<NodePtr>> all = co_await widened(by, group, std::move(nodes));
  if (!all || all->empty()) co_return true;
  // ForceDeleteNodes is not implemented for this provider; upstream falls back to this.
  const Result<void> reply = co_await group->delete_nodes(by, *all);
  report(by, *group, *all, "LongUnregistered", reply);
  state_.instances().invalidate(group->id());
  for (const NodePtr& node : *all) {
    events_.about_status((reply ? "DeleteUnregistered " : "DeleteUnregisteredFailed ") +
                         node->name);
  }
  co_return reply.has_value();
}

Awaitable<Result<std::vector<NodePtr>>> Repairs::widened(LoopId by, NodeGroupPtr group,
                                                         std::vector<NodePtr> nodes) {
  const Result<NodeGroupOptions> options = co_await group->options(by, options_.group_defaults);
  if (!options) co_return std::unexpected(options.error());
  if (!options->zero_or_max_node_scaling) co_return nodes;
  const Result<std::vector<RpcInstance>> instances = co_await group->nodes(by);
  if (!instances) co_return std::unexpected(instances.error());
  std::vector<NodePtr> all;
  for (const RpcInstance& instance : *instances) all.push_back(fake_node(instance.id, ""));
  co_return all;
}

void Repairs::report(LoopId by, const NodeGroup& group, const std::vector<NodePtr>& nodes,
                     std::string_view reason, const Result<void>& reply) {
  const std::string error = reply ? "" : text_of(reply.error());
  DeletedInstances deleted{group.id(), {}, reason, error};
  for (const NodePtr& node : nodes) deleted.instances.push_back(node->name);
  observer_.on_instances_deleted(by, deleted);
}

Awaitable<void> Repairs::delete_failed_instances(LoopId by) {
  const std::map<std::string, NodeGroupPtr> groups = co_await groups_by_id(by);
  const NodesByGroup failed = state_.failed_instances();
  bool deleted_any = false;
  for (const auto& [id, nodes] : failed) {
    const auto group = groups.find(id);
    if (group == groups.end()) continue;
    const NodeGroupPtr target = group->second;
    Result<std::vector<NodePtr>> all = co_await widened(by, target, nodes);
    if (!all || all->empty()) continue;
    const Result<void> reply = co_await target->delete_nodes(by, *all);
    report(by, *target, *all, "CreateError", reply);
    if (!reply) continue;
    deleted_any = true;
    state_.instances().invalidate(id);
  }
  if (deleted_any) co_await state_.recalculate(by);
}

Awaitable<Result<bool>> Repairs::fix_group_sizes(LoopId by, TimePoint now) {
  bool fixed = false;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    const IncorrectSize* const found = state_.incorrect_size(group->id());
    if (found == nullptr) continue;
    const IncorrectSize size = *found;
    const Result<Duration> provision = co_await state_.provision_time(by, group);
    if (!provision) co_return std::unexpected(provision.error());
    const int delta = size.current - size.expected;
    if (size.first_observed + *provision >= now || delta >= 0) continue;
    const Result<void> reply = co_await group->decrease_target_size(by, delta);
    if (!reply) co_return std::unexpected(reply.error());
    observer_.on_group_size_fixed(by, group->id(), delta);
    fixed = true;
  }
  co_return fixed;
}

}  // namespace casim::sim

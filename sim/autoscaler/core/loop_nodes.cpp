// Steps 1 and 4 of RunOnce: what an earlier life has left, and the nodes as the loop sees them.
#include <utility>

#include "sim/autoscaler/core/autoscaler_state.h"
#include "src/core/prefetch.h"

namespace casim::sim {
Awaitable<void> Autoscaler::State::clean_up_once(LoopId by) {
  if (initialized) co_return;
  initialized = true;
  const std::vector<NodePtr> all = ports.view.node_list();
  const std::vector<NodePtr> nodes = co_await nodes_of_groups(by, all);
  for (const NodePtr& node : nodes) {
    if (!node->has_taint(kToBeDeletedTaint)) continue;
    co_await actuator.writes().clean_to_be_deleted(node);
    events.about_node("ClusterAutoscalerCleanup", node->name);
  }
  if (options.max_bulk_soft_taint_count != 0) co_return;
  for (const NodePtr& node : all) {
    if (!node->has_taint(kDeletionCandidateTaint)) continue;
    co_await actuator.writes().clean_deletion_candidate(node);
    events.about_node("ClusterAutoscalerCleanup", node->name);
  }
}

Awaitable<std::vector<NodePtr>> Autoscaler::State::nodes_of_groups(
    LoopId by, const std::vector<NodePtr>& nodes) {
  std::vector<NodePtr> result;
  result.reserve(nodes.size());
  for (const NodePtr& node : nodes) {
    const NodeGroupPtr* const known = ports.provider.known_group_of(*node);
    if (known != nullptr) {
      if (*known != nullptr) result.push_back(node);
      continue;
    }
    const Result<NodeGroupPtr> group = co_await ports.provider.group_of(by, node);
    if (group && *group != nullptr) result.push_back(node);
  }
  co_return result;
}

Awaitable<NodeLists> Autoscaler::State::obtain_nodes(LoopId by) {
  NodeLists nodes;
  nodes.all = ports.view.node_list();
  ports.order.arrange({"nodes", by}, nodes.all, node_name);
  nodes.ready.reserve(nodes.all.size());
  for (std::size_t i = 0; i < nodes.all.size(); ++i) {
    prefetch_after(nodes.all, i);
    const NodePtr& node = nodes.all[i];
    if (is_ready_and_schedulable(*node)) nodes.ready.push_back(node);
  }
  nodes = co_await mask_gpu_nodes(by, std::move(nodes));
  co_await look_up_templates(by, nodes);
  co_return mask_startup_taints(std::move(nodes), taints);
}

// A node that is labelled as a GPU node and offers none yet is not ready. The label is asked for
// twice per node while the provider does not answer.
Awaitable<NodeLists> Autoscaler::State::mask_gpu_nodes(LoopId by, NodeLists nodes) {
  std::set<std::string> waiting;
  for (const NodePtr& node : nodes.ready) {
    std::string label;
    if (const std::string* known = ports.provider.known_gpu_label()) {
      if (!gpu_nodes.has(*node, *known)) continue;
      label = *known;
    } else {
      co_await ports.provider.gpu_label(by);
      label = co_await ports.provider.gpu_label(by);
    }
    if (node->labels.contains(label) && gpu_resource_of(*node).empty()) waiting.insert(node->name);
  }
  if (waiting.empty()) co_return nodes;
  std::erase_if(nodes.ready, [&](const NodePtr& node) { return waiting.contains(node->name); });
  for (NodePtr& node : nodes.all) {
    if (waiting.contains(node->name)) node = unready_copy(node);
  }
  co_return nodes;
}

// The check of dynamic resources: none are modelled, but it asks for each ready node's group, and
// for the group's template where none is known yet (externalgrpc.md 3.1).
Awaitable<void> Autoscaler::State::look_up_templates(LoopId by, const NodeLists& nodes) {
  if (!has(Behaviour::kDynamicResourceAllocation, options.version)) co_return;
  std::vector<bool> has_template;  // by number of the group
  for (const NodePtr& node : nodes.ready) {
    if (const NodeGroupPtr* known = ports.provider.known_group_of(*node)) {
      const std::uint32_t number = *known == nullptr ? 0 : (*known)->number();
      if (*known == nullptr || (number < has_template.size() && has_template[number])) continue;
    }
    const Result<NodeGroupPtr> found = co_await ports.provider.group_of(by, node);
    if (!found || *found == nullptr) continue;
    const NodeGroupPtr group = *found;
    if (templates.find(group->id()) == nullptr) {
      co_await group->template_node(by);
      continue;
    }
    if (group->number() >= has_template.size()) has_template.resize(group->number() + 1);
    has_template[group->number()] = true;
  }
}

}  // namespace casim::sim

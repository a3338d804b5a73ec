#include "sim/autoscaler/simulator/node_infos.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "sim/autoscaler/cloudprovider/reads_in_a_row.h"
#include "sim/autoscaler/simulator/predicates.h"
#include "src/core/prefetch.h"

namespace casim::sim {
namespace {

constexpr Duration kStable = std::chrono::minutes(1);
constexpr std::string_view kTemplateLabel = "cluster-autoscaler.kubernetes.io/template-node";

bool is_daemon_or_mirror(const Pod& pod) {
  return pod.is_daemon_set() || pod.spec->owner == OwnerKind::kMirror;
}

// A pod that the DaemonSet would put on the node.
PodPtr daemon_pod(const Owner& daemon_set, const std::string& node) {
  auto pod = std::make_shared<Pod>();
  pod->spec = daemon_set.daemon_spec;
  pod->name = daemon_set.name + "-pod";
  pod->node_name = node;
  return pod;
}

// system-node-critical, with preemption.
bool would_preempt(const PodSpec& spec) {
  constexpr std::int32_t kSystemNodeCritical = 2000001000;
  return spec.priority >= kSystemNodeCritical && spec.preempts;
}

}  // namespace

NodePtr renamed(const Node& node, std::string name) {
  auto copy = std::make_shared<Node>(node);
  copy->labels[std::string(kHostnameLabel)] = name;
  copy->name = std::move(name);
  copy->id = NodeId();  // of the one that it is a copy of
  return copy;
}

NodeInfoPtr fresh_node(const NodeInfo& info, std::string name) {
  auto copy = std::make_shared<NodeInfo>(info);
  copy->node = renamed(*info.node, std::move(name));
  return copy;
}

NodeInfo upcoming_node(const NodeInfo& info) {
  NodeInfo placeholder = info;
  auto node = std::make_shared<Node>(*info.node);
  node->annotations[std::string(kUpcomingAnnotation)] = "true";
  placeholder.node = std::move(node);
  return placeholder;
}

TemplateRegistry::TemplateRegistry(CloudProvider& provider, const AutoscalerOptions& options)
    : provider_(provider), options_(options), taints_(options) {}

NodeInfoPtr TemplateRegistry::find(const std::string& group) const {
  const auto entry = infos_.find(group);
  return entry == infos_.end() ? nullptr : entry->second;
}

Awaitable<void> TemplateRegistry::recompute(LoopId by, const std::vector<NodePtr>& nodes,
                                            const Snapshot& snapshot,
                                            std::vector<Owner> daemon_sets, TimePoint now,
                                            WallTime wall) {
  next_.clear();
  has_next_.clear();
  GroupsInARow row(provider_, by);
  std::vector<NodePtr> bad;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    prefetch_after(nodes, i);
    const NodePtr& node = nodes[i];
    if (!is_good(*node, wall)) {
      bad.push_back(node);
      continue;
    }
    const NodeGroupPtr* const known = row.next(*node);
    if (known != nullptr && (*known == nullptr || has_next(**known))) continue;
    Result<NodeGroupPtr> found;
    if (known != nullptr) {
      found = *known;
    } else {
      found = co_await provider_.group_of(by, node);
    }
    const NodeGroupPtr group = use_node(*node, found, snapshot, daemon_sets);
    if (group != nullptr) cache_[group->id()] = Cached{next_[group->id()], now};
  }
  row.end();
  std::set<std::string> seen;
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    seen.insert(group->id());
    if (next_.contains(group->id()) || use_cached(group->id(), now)) continue;
    co_await use_provider(by, group, daemon_sets);
  }
  std::erase_if(cache_, [&](const auto& entry) { return !seen.contains(entry.first); });
  for (const NodePtr& node : bad) {
    const Result<NodeGroupPtr> found = co_await provider_.group_of(by, node);
    const NodeGroupPtr group = use_node(*node, found, snapshot, daemon_sets);
    if (group != nullptr) co_await provider_.group_of(by, node);  // asked again, for a message
  }
  infos_ = std::move(next_);
}

bool TemplateRegistry::is_good(const Node& node, WallTime wall) const {
  return is_ready(node) && node.last_transition + kStable < wall && !node.unschedulable &&
         !node.has_taint(kToBeDeletedTaint);
}

bool TemplateRegistry::has_next(const NodeGroup& group) const {
  return group.number() < has_next_.size() && has_next_[group.number()];
}

NodeGroupPtr TemplateRegistry::use_node(const Node& node, const Result<NodeGroupPtr>& found,
                                        const Snapshot& snapshot,
                                        const std::vector<Owner>& daemon_sets) {
  if (!found || *found == nullptr) return nullptr;
  const NodeGroupPtr& group = *found;
  if (next_.contains(group->id())) return nullptr;
  const std::optional<Slot> slot = snapshot.find(node);
  if (!slot) return nullptr;
  next_[group->id()] = sanitised(snapshot.info(*slot), group->id(), daemon_sets, options_.force_ds);
  if (group->number() >= has_next_.size()) has_next_.resize(group->number() + 1);
  has_next_[group->number()] = true;
  return group;
}

bool TemplateRegistry::use_cached(const std::string& group, TimePoint now) {
  const auto entry = cache_.find(group);
  if (entry == cache_.end()) return false;
  if (now - entry->second.added > options_.node_info_cache_expire_time) {
    cache_.erase(entry);
    return false;
  }
  next_[group] = entry->second.info;
  return true;
}

Awaitable<void> TemplateRegistry::use_provider(LoopId by, NodeGroupPtr group,
                                               const std::vector<Owner>& daemon_sets) {
  const Result<NodePtr> node = co_await group->template_node(by);
  if (!node || *node == nullptr) co_return;
  NodeInfo example;
  example.node = *node;
  next_[group->id()] = sanitised(example, group->id(), daemon_sets, true);
}

NodeInfoPtr TemplateRegistry::sanitised(const NodeInfo& example, const std::string& group,
                                        const std::vector<Owner>& daemon_sets,
                                        bool force_daemon_sets) {
  const std::string name = fmt::format("template-node-for-{}-{}", group, ++made_[group]);
  auto info = std::make_shared<NodeInfo>();
  auto node = std::make_shared<Node>(sanitised_node(*example.node, name));
  std::set<std::string> running;
  for (const PodPtr& pod : example.pods) {
    if (pod->deletion_timestamp) continue;
    if (is_daemon_or_mirror(*pod)) info->add(pod);
    if (pod->is_daemon_set()) running.insert(pod->spec->owner_uid);
  }
  for (const Owner& owner : daemon_sets) {
    if (running.contains(owner.uid) || owner.daemon_spec == nullptr) continue;
    const PodSpec& spec = *owner.daemon_spec;
    if (!runs_daemon(spec, *node)) continue;
    if (force_daemon_sets || would_preempt(spec)) info->add(daemon_pod(owner, name));
  }
  node->labels[std::string(kTemplateLabel)] = "true";
  info->node = std::move(node);
  return info;
}

Node TemplateRegistry::sanitised_node(const Node& example, std::string name) const {
  Node node = example;
  node.labels[std::string(kHostnameLabel)] = name;
  node.name = std::move(name);
  node.id = NodeId();
  if (taints_.scale_from_unschedulable) node.unschedulable = false;
  std::erase_if(node.taints, [this](const Taint& taint) {
    return taint.key == kToBeDeletedTaint || taint.key == kDeletionCandidateTaint ||
           is_condition_taint(taint.key) || taints_.is_startup(taint.key) ||
           taints_.is_status(taint.key);
  });
  return node;
}

}  // namespace casim::sim

#include "sim/autoscaler/cloudprovider/cloud_provider.h"

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <utility>

namespace casim::sim {
namespace {

// grpc_timeout 0 ends every call before it leaves (externalgrpc.md 2.1).
std::unexpected<Error> no_time() {
  return failure(ErrorCode::kDeadlineExceeded, "context deadline exceeded");
}

RpcOptions request_of(const NodeGroupOptions& defaults) {
  RpcOptions request;
  request.scale_down_utilization_threshold = defaults.scale_down_utilization_threshold;
  request.scale_down_gpu_utilization_threshold = defaults.scale_down_gpu_utilization_threshold;
  request.scale_down_unneeded_time = defaults.scale_down_unneeded_time;
  request.scale_down_unready_time = defaults.scale_down_unready_time;
  request.max_node_provision_time = defaults.max_node_provision_time;
  request.zero_or_max_node_scaling = defaults.zero_or_max_node_scaling;
  request.ignore_daemonsets_utilization = defaults.ignore_daemonsets_utilization;
  return request;
}

Result<NodeGroupOptions> options_of(const Result<std::optional<RpcOptions>>& reply,
                                    const NodeGroupOptions& defaults) {
  if (!reply) {
    if (reply.error().code == ErrorCode::kUnimplemented) return defaults;
    return std::unexpected(reply.error());
  }
  if (!reply->has_value()) return defaults;
  const RpcOptions& set = **reply;
  NodeGroupOptions options;
  options.scale_down_utilization_threshold = set.scale_down_utilization_threshold;
  options.scale_down_gpu_utilization_threshold = set.scale_down_gpu_utilization_threshold;
  options.scale_down_unneeded_time = set.scale_down_unneeded_time;
  options.scale_down_unready_time = set.scale_down_unready_time;
  options.max_node_provision_time = set.max_node_provision_time;
  options.max_node_startup_time = Duration{};
  options.zero_or_max_node_scaling = set.zero_or_max_node_scaling;
  options.ignore_daemonsets_utilization = set.ignore_daemonsets_utilization;
  return options;
}

}  // namespace

NodeGroup::NodeGroup(const ProviderCalls& calls, RpcNodeGroup group)
    : calls_(calls), group_(std::move(group)), template_lock_(calls.executor, 1) {}

bool NodeGroup::is_like_new(const RpcNodeGroup& answer) const {
  return group_ == answer && !template_ && template_lock_.is_free();
}

Awaitable<Result<int>> NodeGroup::target_size(LoopId by) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.target_size(calls_.context(by), group_.id);
}

Awaitable<Result<void>> NodeGroup::increase_size(LoopId by, int delta) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.increase_size(calls_.context(by), group_.id, delta);
}

Awaitable<Result<void>> NodeGroup::delete_nodes(LoopId by, std::vector<NodePtr> nodes) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.delete_nodes(calls_.context(by), group_.id, std::move(nodes));
}

Awaitable<Result<void>> NodeGroup::decrease_target_size(LoopId by, int delta) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.decrease_target_size(calls_.context(by), group_.id, delta);
}

Awaitable<Result<std::vector<RpcInstance>>> NodeGroup::nodes(LoopId by) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  auto reply = co_await calls_.rpc.nodes(calls_.context(by), group_.id);
  if (!reply) co_return reply;
  for (RpcInstance& instance : *reply) {
    const bool has_code = instance.error && !instance.error->code.empty();
    if (instance.state == RpcInstanceState::kUnspecified || !has_code) instance.error.reset();
  }
  co_return reply;
}

Awaitable<Result<NodePtr>> NodeGroup::template_node(LoopId by) {
  const Semaphore::Permit lock = co_await template_lock_.acquire();
  if (template_) co_return *template_;
  if (calls_.timeout <= Duration{}) co_return no_time();
  auto reply = co_await calls_.rpc.template_node_info(calls_.context(by), group_.id);
  if (!reply) co_return std::unexpected(reply.error());
  NodePtr node;
  if (reply->has_value()) node = std::make_shared<const Node>(std::move(**reply));
  template_ = node;
  co_return node;
}

Awaitable<Result<NodeGroupOptions>> NodeGroup::options(LoopId by,
                                                       const NodeGroupOptions& defaults) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  const auto reply =
      co_await calls_.rpc.get_options(calls_.context(by), group_.id, request_of(defaults));
  co_return options_of(reply, defaults);
}

std::optional<Result<NodeGroupOptions>> NodeGroup::options_at_once(
    LoopId by, const NodeGroupOptions& defaults) {
  if (calls_.timeout <= Duration{}) return std::nullopt;
  const auto* reply =
      calls_.rpc.get_options_at_once(calls_.context(by), group_.id, request_of(defaults));
  if (reply == nullptr) return std::nullopt;
  return options_of(*reply, defaults);
}

std::size_t CloudProvider::NodeKeyHash::operator()(const NodeKeyView& key) const {
  std::size_t hash = 0;
  boost::hash_combine(hash, key.first);
  boost::hash_combine(hash, key.second);
  return hash;
}

CloudProvider::CloudProvider(ProviderRpc& rpc, Clock& clock, asio::any_io_executor executor,
                             Duration grpc_timeout, GroupObjects objects)
    : calls_{rpc, clock, grpc_timeout, executor}, objects_(objects), lock_(executor, 1) {}

Awaitable<std::vector<NodeGroupPtr>> CloudProvider::node_groups(LoopId by) {
  if (lock_.is_free() && groups_) co_return *groups_;
  const Semaphore::Permit lock = co_await lock_.acquire();
  if (groups_) co_return *groups_;
  std::vector<NodeGroupPtr> groups;
  if (calls_.timeout <= Duration{}) co_return groups;
  auto reply = co_await calls_.rpc.node_groups(calls_.context(by));
  if (!reply) co_return groups;
  for (RpcNodeGroup& group : *reply) {
    groups.push_back(std::make_shared<NodeGroup>(calls_, std::move(group)));
  }
  groups_ = groups;
  co_return groups;
}

const NodeGroupPtr* CloudProvider::known_group_of(const Node& node) const {
  if (!lock_.is_free()) return nullptr;
  const auto object = by_object_.find(&node);
  if (object != by_object_.end() && object->second.cached.round == round_)
    return &object->second.cached.group;
  const auto known = group_of_.find(NodeKeyView(node.name, node.provider_id));
  const bool holds = known != group_of_.end() && known->second.round == round_;
  return holds ? &known->second.group : nullptr;
}

NodeGroupPtr CloudProvider::listed(const std::string& group) const {
  if (!groups_) return nullptr;
  const auto found = std::find_if(groups_->begin(), groups_->end(),
                                  [&](const NodeGroupPtr& g) { return g->id() == group; });
  return found == groups_->end() ? nullptr : *found;
}

Awaitable<Result<NodeGroupPtr>> CloudProvider::group_of(LoopId by, NodePtr node) {
  if (const NodeGroupPtr* known = known_group_of(*node)) {
    const NodeGroupPtr group = *known;
    by_object_.insert_or_assign(node.get(), CachedNode{node, {group, round_}});
    co_return group;
  }
  if (objects_ == GroupObjects::kShared) co_await node_groups(by);
  const Semaphore::Permit lock = co_await lock_.acquire();
  auto known = group_of_.find(NodeKeyView(node->name, node->provider_id));
  if (known != group_of_.end() && known->second.round == round_) co_return known->second.group;
  if (calls_.timeout <= Duration{}) co_return no_time();
  auto reply = co_await calls_.rpc.node_group_for_node(calls_.context(by), node);
  if (!reply) co_return std::unexpected(reply.error());
  if (!reply->has_value() || (*reply)->id.empty()) co_return NodeGroupPtr();
  known = group_of_.find(NodeKeyView(node->name, node->provider_id));
  if (known == group_of_.end()) {
    known = group_of_.try_emplace(NodeKey(node->name, node->provider_id)).first;
  }
  const NodeGroupPtr group = object_for(known->second, std::move(**reply));
  known->second = CachedGroup{group, round_};
  by_object_.insert_or_assign(node.get(), CachedNode{node, known->second});
  co_return group;
}

NodeGroupPtr CloudProvider::object_for(CachedGroup& cached, RpcNodeGroup answer) {
  if (objects_ == GroupObjects::kShared) {
    if (NodeGroupPtr group = listed(answer.id)) return group;
  }
  // Held by both tables and by nobody else.
  constexpr int kOwnUses = 2;
  const NodeGroupPtr& old = cached.group;
  if (old != nullptr && old.use_count() == kOwnUses && old->is_like_new(answer)) return old;
  return std::make_shared<NodeGroup>(calls_, std::move(answer));
}

void CloudProvider::begin_round() {
  groups_.reset();
  // Nodes that are gone are swept out when they have come to outnumber the others.
  constexpr std::size_t kSweepFrom = 64;
  if (by_object_.size() >= kSweepFrom && by_object_.size() > 2 * kept_nodes_) {
    erase_if(by_object_, [this](const auto& entry) { return entry.second.cached.round < round_; });
    erase_if(group_of_, [this](const auto& entry) { return entry.second.round < round_; });
    kept_nodes_ = by_object_.size();
  }
  ++round_;
}

const std::string* CloudProvider::known_gpu_label() const {
  return lock_.is_free() && gpu_label_ ? &*gpu_label_ : nullptr;
}

Awaitable<std::string> CloudProvider::gpu_label(LoopId by) {
  const Semaphore::Permit lock = co_await lock_.acquire();
  if (gpu_label_) co_return *gpu_label_;
  if (calls_.timeout <= Duration{}) co_return "";
  auto reply = co_await calls_.rpc.gpu_label(calls_.context(by));
  if (!reply) co_return "";
  gpu_label_ = *reply;
  co_return *gpu_label_;
}

Awaitable<void> CloudProvider::available_gpu_types(LoopId by) {
  const Semaphore::Permit lock = co_await lock_.acquire();
  if (gpu_types_known_ || calls_.timeout <= Duration{}) co_return;
  const auto reply = co_await calls_.rpc.get_available_gpu_types(calls_.context(by));
  gpu_types_known_ = reply.has_value();
}

Awaitable<Result<void>> CloudProvider::refresh(LoopId by) {
  {
    const Semaphore::Permit lock = co_await lock_.acquire();
    begin_round();
  }
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.refresh(calls_.context(by));
}

Awaitable<Result<double>> CloudProvider::node_price(LoopId by, NodePtr node, WallTime start,
                                                    WallTime end) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.pricing_node_price(calls_.context(by), std::move(node), start, end);
}

Awaitable<Result<double>> CloudProvider::pod_price(LoopId by, PodSpecPtr pod, WallTime start,
                                                   WallTime end) {
  if (calls_.timeout <= Duration{}) co_return no_time();
  co_return co_await calls_.rpc.pricing_pod_price(calls_.context(by), std::move(pod), start, end);
}

}  // namespace casim::sim

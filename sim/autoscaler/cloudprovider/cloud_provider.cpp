#include "sim/autoscaler/cloudprovider/cloud_provider.h"

#include <algorithm>
#include <boost/container_hash/hash.hpp>
#include <utility>

#include "sim/autoscaler/cloudprovider/group_options.h"

namespace casim::sim {
namespace {

// grpc_timeout 0 ends every call before it leaves (externalgrpc.md 2.1).
std::unexpected<Error> no_time() {
  return failure(ErrorCode::kDeadlineExceeded, "context deadline exceeded");
}

// The client takes it for none: without a code, or without any status.
bool is_no_error(const RpcInstance& instance) {
  return instance.error &&
         (instance.state == RpcInstanceState::kUnspecified || instance.error->code.empty());
}

}  // namespace

std::uint32_t ProviderCalls::number_of(const std::string& group) const {
  auto known = std::find(group_ids.begin(), group_ids.end(), group);
  if (known == group_ids.end()) known = group_ids.insert(known, group);
  return static_cast<std::uint32_t>(known - group_ids.begin());
}

NodeGroup::NodeGroup(const ProviderCalls& calls, RpcNodeGroup group)
    : calls_(calls),
      group_(std::move(group)),
      number_(calls.number_of(group_.id)),
      template_lock_(calls.executor, 1) {}

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
    if (is_no_error(instance)) instance.error.reset();
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

std::size_t CloudProvider::NodeKeyHash::operator()(const NodeKeyView& key) const {
  std::size_t hash = 0;
  boost::hash_combine(hash, key.first);
  boost::hash_combine(hash, key.second);
  return hash;
}

CloudProvider::CloudProvider(ProviderRpc& rpc, Clock& clock, asio::any_io_executor executor,
                             Duration grpc_timeout, GroupObjects objects)
    : calls_{rpc, clock, grpc_timeout, executor},
      rows_(dynamic_cast<RowReads*>(&rpc)),
      objects_(objects),
      lock_(executor, 1) {}

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

std::uint32_t CloudProvider::place_by_key(const Node& node) const {
  const auto known = places_.find(NodeKeyView(node.name, node.provider_id));
  if (known == places_.end()) return kNowhere;
  constexpr std::size_t kMostIds = 1 << 24;
  const std::size_t id = node.id.value();
  if (id < kMostIds) {
    if (id >= by_id_.size()) by_id_.resize(id + 1);
    by_id_[id] = {node.resource_version, known->second};
  }
  return known->second;
}

NodeGroupPtr CloudProvider::listed(const std::string& group) const {
  if (!groups_) return nullptr;
  const auto found = std::find_if(groups_->begin(), groups_->end(),
                                  [&](const NodeGroupPtr& g) { return g->id() == group; });
  return found == groups_->end() ? nullptr : *found;
}

Awaitable<Result<NodeGroupPtr>> CloudProvider::group_of(LoopId by, NodePtr node) {
  if (const NodeGroupPtr* known = known_group_of(*node)) co_return *known;
  if (objects_ == GroupObjects::kShared) co_await node_groups(by);
  const Semaphore::Permit lock = co_await lock_.acquire();
  if (const NodeGroupPtr* known = kept_group_of(*node)) co_return *known;
  if (calls_.timeout <= Duration{}) co_return no_time();
  auto reply = co_await calls_.rpc.node_group_for_node(calls_.context(by), node);
  if (!reply) co_return std::unexpected(reply.error());
  if (!reply->has_value() || (*reply)->id.empty()) co_return NodeGroupPtr();
  co_return keep(*node, **reply);
}

const NodeGroupPtr& CloudProvider::keep(const Node& node, const RpcNodeGroup& answer) {
  std::uint32_t place = place_of(node);
  if (place == kNowhere) {
    place = static_cast<std::uint32_t>(answers_.size());
    answers_.emplace_back();
    places_.emplace(NodeKey(node.name, node.provider_id), place);
  }
  CachedGroup& cached = answers_[place];
  cached.round = round_;
  if (objects_ == GroupObjects::kShared) {
    NodeGroupPtr shared = listed(answer.id);
    if (shared == nullptr) shared = std::make_shared<NodeGroup>(calls_, answer);
    cached.group = std::move(shared);
    return cached.group;
  }
  // An object of an earlier round that nobody holds and that says the same is as good as new.
  const bool is_ours = cached.group != nullptr && cached.group.use_count() == 1;
  if (!is_ours || !cached.group->is_like_new(answer)) {
    cached.group = std::make_shared<NodeGroup>(calls_, answer);
  }
  return cached.group;
}

void CloudProvider::begin_round() {
  groups_.reset();
  // Nodes that are gone are swept out when they have come to outnumber the others.
  constexpr std::size_t kSweepFrom = 64;
  if (answers_.size() >= kSweepFrom && answers_.size() > 2 * kept_nodes_) sweep();
  ++round_;
}

void CloudProvider::sweep() {
  std::vector<CachedGroup> kept;
  erase_if(places_, [&](auto& entry) {
    CachedGroup& answer = answers_[entry.second];
    if (answer.round < round_) return true;
    entry.second = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(answer));
    return false;
  });
  answers_ = std::move(kept);
  by_id_.clear();
  kept_nodes_ = answers_.size();
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

// CA's client of the externalgrpc contract: its caches, its node group objects, its deadline and
// its lock, above the bare calls of ProviderRpc. Source: externalgrpc.md 2.2 and 2.3.
//   - NodeGroups and positive answers of NodeGroupForNode are kept until the next Refresh, the GPU
//     label and types for ever, a template as long as its node group object.
//   - Node group objects are made anew by each Refresh, and one more for each node looked up, so
//     the two families know templates and limits independently.
// `by` is the loop on whose behalf a call is made; none for background work.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/autoscaler/options/options.h"
#include "src/async/semaphore.h"
#include "src/core/clock.h"

namespace casim::sim {

// Shared by the node group objects, which may outlive a Refresh in a deletion's hands.
struct ProviderCalls {
  ProviderRpc& rpc;
  Clock& clock;
  Duration timeout;
  asio::any_io_executor executor;

  RpcContext context(LoopId by) const { return RpcContext{by, clock.now() + timeout}; }
};

// Upstream's cloudprovider.NodeGroup as externalgrpc implements it. Errors are those of the call,
// and kDeadlineExceeded without a call if --grpc-timeout leaves no time.
class NodeGroup {
 public:
  NodeGroup(const ProviderCalls& calls, RpcNodeGroup group);

  const std::string& id() const { return group_.id; }

  int min_size() const { return group_.min_size; }

  int max_size() const { return group_.max_size; }

  // As good as one made anew from this answer: it says the same, and no template was asked for.
  bool is_like_new(const RpcNodeGroup& answer) const;

  // One call each; nothing is kept.
  Awaitable<Result<int>> target_size(LoopId by);
  Awaitable<Result<void>> increase_size(LoopId by, int delta);
  Awaitable<Result<void>> delete_nodes(LoopId by, std::vector<NodePtr> nodes);
  // `delta`: negative.
  Awaitable<Result<void>> decrease_target_size(LoopId by, int delta);
  // Without status: state unspecified, and then never an error.
  Awaitable<Result<std::vector<RpcInstance>>> nodes(LoopId by);
  // Null: the provider answered OK without a node. Errors are not kept.
  Awaitable<Result<NodePtr>> template_node(LoopId by);
  // `defaults` where the provider does not implement options or sets none; an answer has no
  // startup time, which is 0 then (externalgrpc.md 4.1).
  Awaitable<Result<NodeGroupOptions>> options(LoopId by, const NodeGroupOptions& defaults);
  // The same without waiting, or nothing: then options() has to be awaited.
  std::optional<Result<NodeGroupOptions>> options_at_once(LoopId by,
                                                          const NodeGroupOptions& defaults);

 private:
  const ProviderCalls& calls_;
  RpcNodeGroup group_;
  Semaphore template_lock_;
  std::optional<NodePtr> template_;
};

using NodeGroupPtr = std::shared_ptr<NodeGroup>;

// Which node group objects a lookup by node answers with.
enum class GroupObjects {
  kPerNode,  // one more for each node, as the client of externalgrpc does
  kShared,   // those of the list, as providers built into cluster-autoscaler do
};

// Upstream's cloudprovider.CloudProvider as externalgrpc implements it.
class CloudProvider {
 public:
  // `grpc_timeout`: of each call. What is passed by reference outlives it.
  CloudProvider(ProviderRpc& rpc, Clock& clock, asio::any_io_executor executor,
                Duration grpc_timeout, GroupObjects objects = GroupObjects::kPerNode);

  // Empty after an error, which nobody sees.
  Awaitable<std::vector<NodeGroupPtr>> node_groups(LoopId by);
  // Null: the node belongs to no group.
  Awaitable<Result<NodeGroupPtr>> group_of(LoopId by, NodePtr node);
  // The kept answer, if there is one and nobody holds the lock: what group_of would say at once.
  // Loops over all nodes ask this first, and are spared a coroutine for each.
  const NodeGroupPtr* known_group_of(const Node& node) const;

  // Empty after an error, and asked for again then.
  Awaitable<std::string> gpu_label(LoopId by);

  // The kept answer, if there is one and nobody holds the lock.
  const std::string* known_gpu_label() const;

  // For the read alone: what it answers decides nothing here.
  Awaitable<void> available_gpu_types(LoopId by);
  // Forgets the node groups and the groups of nodes, also when the call fails.
  Awaitable<Result<void>> refresh(LoopId by);
  // In the provider's currency, for the span of time.
  Awaitable<Result<double>> node_price(LoopId by, NodePtr node, WallTime start, WallTime end);
  Awaitable<Result<double>> pod_price(LoopId by, PodSpecPtr pod, WallTime start, WallTime end);

 private:
  using NodeKey = std::pair<std::string, std::string>;  // name, provider id
  using NodeKeyView = std::pair<std::string_view, std::string_view>;

  struct NodeKeyHash {
    using is_transparent = void;
    std::size_t operator()(const NodeKeyView& key) const;

    std::size_t operator()(const NodeKey& key) const {
      return (*this)(NodeKeyView(key.first, key.second));
    }
  };

  struct NodeKeyEqual {
    using is_transparent = void;

    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.first == b.first && a.second == b.second;
    }
  };

  // An answer of NodeGroupForNode, which counts until the next Refresh. What the rounds before
  // have left stays in the tables, to be used again without a word being copied.
  struct CachedGroup {
    NodeGroupPtr group;
    std::uint64_t round = 0;
  };

  NodeGroupPtr listed(const std::string& group) const;
  NodeGroupPtr object_for(CachedGroup& cached, RpcNodeGroup answer);
  void begin_round();

  ProviderCalls calls_;
  GroupObjects objects_;
  Semaphore lock_;
  std::optional<std::vector<NodeGroupPtr>> groups_;
  boost::unordered_flat_map<NodeKey, CachedGroup, NodeKeyHash, NodeKeyEqual> group_of_;

  // The same once more by object, which most callers ask with again: a look at no text.
  struct CachedNode {
    NodePtr node;  // so that the address stays its own
    CachedGroup cached;
  };

  boost::unordered_flat_map<const Node*, CachedNode> by_object_;
  std::uint64_t round_ = 1;     // of Refresh
  std::size_t kept_nodes_ = 0;  // entries of `by_object_` that the last sweep has left
  std::optional<std::string> gpu_label_;
  bool gpu_types_known_ = false;
};

}  // namespace casim::sim

// CA's client of the externalgrpc contract: its caches, its node group objects, its deadline and
// its lock, above the bare calls of ProviderRpc. Source: externalgrpc.md 2.2 and 2.3.
//   - NodeGroups and positive answers of NodeGroupForNode are kept until the next Refresh, the GPU
//     label and types for ever, a template as long as its node group object.
//   - Node group objects are made anew by each Refresh, and one more for each node looked up, so
//     the two families know templates and limits independently.
// `by` is the loop on whose behalf a call is made; none for background work.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/autoscaler/cloudprovider/row_reads.h"
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

  // Groups by dense number, in order of first sight.
  std::uint32_t number_of(const std::string& group) const;

  mutable std::vector<std::string> group_ids{};
};

// Upstream's cloudprovider.NodeGroup as externalgrpc implements it. Errors are those of the call,
// and kDeadlineExceeded without a call if --grpc-timeout leaves no time.
class NodeGroup {
 public:
  NodeGroup(const ProviderCalls& calls, RpcNodeGroup group);

  const std::string& id() const { return group_.id; }

  // Of its id: the same for all objects of one group, and small.
  std::uint32_t number() const { return number_; }

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

 private:
  const ProviderCalls& calls_;
  RpcNodeGroup group_;
  std::uint32_t number_;
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
  const NodeGroupPtr* known_group_of(const Node& node) const {
    return lock_.is_free() ? kept_group_of(node) : nullptr;
  }

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

  // Where the answer for one version of a node stands: a look at no text.
  struct Place {
    std::uint64_t resource_version = 0;
    std::uint32_t entry = kNowhere;
  };

  static constexpr std::uint32_t kNowhere = UINT32_MAX;

  NodeGroupPtr listed(const std::string& group) const;

  const NodeGroupPtr* kept_group_of(const Node& node) const {
    const std::uint32_t place = place_of(node);
    if (place == kNowhere || answers_[place].round != round_) return nullptr;
    return &answers_[place].group;
  }

  std::uint32_t place_of(const Node& node) const {
    const std::size_t id = node.id.value();  // without one: beyond all
    const bool is_known = id < by_id_.size() && by_id_[id].entry != kNowhere &&
                          by_id_[id].resource_version == node.resource_version;
    return is_known ? by_id_[id].entry : place_by_key(node);
  }

  std::uint32_t place_by_key(const Node& node) const;
  // Takes an answer that names a group.
  const NodeGroupPtr& keep(const Node& node, const RpcNodeGroup& answer);
  void begin_round();
  void sweep();

  friend class GroupsInARow;
  friend class OptionsInARow;

  bool has_row_reads() const { return rows_ != nullptr && calls_.timeout > Duration{}; }

  ProviderCalls calls_;
  RowReads* rows_;  // the port once more; null: it makes no reads in a row
  GroupObjects objects_;
  Semaphore lock_;
  std::optional<std::vector<NodeGroupPtr>> groups_;
  std::vector<CachedGroup> answers_;
  boost::unordered_flat_map<NodeKey, std::uint32_t, NodeKeyHash, NodeKeyEqual> places_;
  mutable std::vector<Place> by_id_;  // the same by NodeId, as far as it was asked for
  std::uint64_t round_ = 1;           // of Refresh
  std::size_t kept_nodes_ = 0;        // answers that the last sweep has left
  std::optional<std::string> gpu_label_;
  bool gpu_types_known_ = false;
};

}  // namespace casim::sim

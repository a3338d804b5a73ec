// Answers of reads, kept as long as what they hang on is unchanged (design section 2):
//   - the configuration's (groups, templates, options): the server's epoch;
//   - a group's (size, instances): that group's generation;
//   - a node's (the group that has it): the generation of its slot;
//   - those that name no group (types, "no group for this node"): the generation of all groups.
// A hit means that the same question was asked under the same generation. So a node's first join,
// which changes the generation, can never be one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/rpc/memo_source.h"
#include "src/core/result.h"

namespace casim::sim {

class Memo {
 public:
  // `checks`: compares what is found by the node's version with what its question finds.
  explicit Memo(const MemoSource& source, bool checks = false) : source_(source), checks_(checks) {}

  template <class T>
  using Cached = const Result<T>*;  // null: ask; valid until the next put_*

  // What an answer will hang on; taken before the question is asked.
  MemoState state() const { return source_.state(); }

  Cached<std::vector<RpcNodeGroup>> node_groups() const { return all(node_groups_); }

  Cached<std::string> gpu_label() const { return all(gpu_label_); }

  Cached<std::vector<std::string>> gpu_types() const { return all(gpu_types_); }

  Cached<int> target_size(const std::string& group);
  Cached<std::vector<RpcInstance>> nodes(const std::string& group);
  Cached<std::optional<Node>> template_node_info(const std::string& group);
  Cached<std::optional<RpcOptions>> get_options(const std::string& group,
                                                const RpcOptions& defaults);
  Cached<std::optional<RpcNodeGroup>> node_group_for_node(const Node& node);

  // Keep an answer, unless something has changed since `asked`, or it is an error that does not
  // follow from the provider's state.
  void put_node_groups(const MemoState& asked, const Result<std::vector<RpcNodeGroup>>& answer);
  void put_gpu_label(const MemoState& asked, const Result<std::string>& answer);
  void put_gpu_types(const MemoState& asked, const Result<std::vector<std::string>>& answer);
  void put_target_size(const MemoState& asked, const std::string& group, const Result<int>& answer);
  void put_nodes(const MemoState& asked, const std::string& group,
                 const Result<std::vector<RpcInstance>>& answer);
  void put_template(const MemoState& asked, const std::string& group,
                    const Result<std::optional<Node>>& answer);
  void put_options(const MemoState& asked, const std::string& group, const RpcOptions& defaults,
                   const Result<std::optional<RpcOptions>>& answer);
  void put_node(const MemoState& asked, const Node& node,
                const Result<std::optional<RpcNodeGroup>>& answer);

 private:
  // `all` is the generation of all groups at which `generation` was last seen to hold.
  template <class T>
  struct CacheEntry {
    Result<T> answer;
    std::uint64_t generation;
    std::uint64_t all;
  };

  struct Group {
    std::optional<CacheEntry<int>> target_size;
    std::optional<CacheEntry<std::vector<RpcInstance>>> nodes;
    std::optional<Result<std::optional<Node>>> node_template;
    std::optional<Result<std::optional<RpcOptions>>> options;
    RpcOptions options_defaults;  // with which they were asked for
  };

  // The group that a node belongs to, by index; or none.
  struct NodeAnswer {
    std::uint32_t group = kNoGroup;
    std::uint64_t generation = 0;
    std::uint64_t all = 0;
  };

  static constexpr std::uint32_t kNoGroup = UINT32_MAX;

  // The same once more by the node's id, for one version of the node: a look at no text.
  struct VersionAnswer {
    std::uint64_t resource_version = 0;
    std::uint64_t generation = 0;
    std::uint64_t all = 0;
    std::uint32_t group = kNoGroup;
    bool is_known = false;
  };

  template <class T>
  Cached<T> all(const std::optional<CacheEntry<T>>& entry) const {
    const MemoState now = source_.state();
    const bool holds =
        entry && now.is_up && now.epoch == epoch_ && entry->all == now.generation_of_all;
    return holds ? &entry->answer : nullptr;
  }

  template <class T>
  Cached<T> of_group(std::optional<CacheEntry<T>>& entry, const std::string& group,
                     std::uint64_t all);
  template <class T>
  bool may_keep(const MemoState& asked, const Result<T>& answer);
  template <class T>
  void put_all(const MemoState& asked, std::optional<CacheEntry<T>>& entry,
               const Result<T>& answer);

  Group* find_group(const std::string& group, MemoState& now);
  std::uint32_t index_of(const RpcNodeGroup& group);
  void forget_all(std::uint64_t epoch);
  void forget_nodes();
  Cached<std::optional<RpcNodeGroup>> answer_of(std::uint32_t group) const;
  bool holds(VersionAnswer& kept, const Node& node, std::uint64_t all) const;
  Cached<std::optional<RpcNodeGroup>> by_question(const Node& node, std::uint64_t all);

  const MemoSource& source_;
  const bool checks_;
  std::uint64_t epoch_ = 0;
  std::optional<CacheEntry<std::vector<RpcNodeGroup>>> node_groups_;
  std::optional<CacheEntry<std::string>> gpu_label_;
  std::optional<CacheEntry<std::vector<std::string>>> gpu_types_;
  boost::unordered_flat_map<std::string, Group> groups_;  // lookups only, as the next
  boost::unordered_flat_map<std::uint64_t, NodeAnswer> by_node_;
  std::vector<VersionAnswer> by_version_;                          // by NodeId
  std::vector<Result<std::optional<RpcNodeGroup>>> node_answers_;  // one for each group
  const Result<std::optional<RpcNodeGroup>> no_group_{std::nullopt};
};

}  // namespace casim::sim

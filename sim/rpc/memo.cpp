#include "sim/rpc/memo.h"

#include <algorithm>
#include <functional>
#include <string>

#include "sim/cluster/kept_check.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

// Nodes that are gone stay behind in the table until it has grown to this.
constexpr std::size_t kMostNodes = 1 << 20;

// Errors that say something about the provider's state, and say it again.
bool is_lasting(ErrorCode code) {
  return code == ErrorCode::kUnimplemented || code == ErrorCode::kNotFound;
}

bool is_upcoming(const Node& node) {
  return node.annotations.contains("cluster-autoscaler.k8s.io/upcoming-node");
}

// All of the question but the labels, and the name of a node to come, which no two loops share: the
// provider goes by provider id and by the annotations that mark fake and upcoming nodes
// (externalgrpc.md 5.1). The library's hash is the quicker one, and a key never leaves this
// process.
std::uint64_t key_of(const Node& node) {
  constexpr std::hash<std::string> kHash;
  std::uint64_t key = kHash(node.provider_id);
  if (!is_upcoming(node)) key = hash_combine(key, kHash(node.name));
  for (const auto& [name, value] : node.annotations) {
    key = hash_combine(hash_combine(key, kHash(name)), kHash(value));
  }
  return key;
}

}  // namespace

template <class T>
Memo::Cached<T> Memo::of_group(std::optional<CacheEntry<T>>& entry, const std::string& group,
                               std::uint64_t all) {
  if (!entry) return nullptr;
  if (entry->all != all) {
    if (entry->generation != source_.generation(group)) return nullptr;
    entry->all = all;  // saves the lookup until something changes anywhere
  }
  return &entry->answer;
}

// What was true when the question was asked and is true now was true when it was answered.
template <class T>
bool Memo::may_keep(const MemoState& asked, const Result<T>& answer) {
  if (!asked.is_up || source_.state() != asked) return false;
  if (!answer && !is_lasting(answer.error().code)) return false;
  if (asked.epoch != epoch_) forget_all(asked.epoch);
  return true;
}

template <class T>
void Memo::put_all(const MemoState& asked, std::optional<CacheEntry<T>>& entry,
                   const Result<T>& answer) {
  if (!may_keep(asked, answer)) return;
  entry = CacheEntry<T>{answer, 0, asked.generation_of_all};
}

Memo::Group* Memo::find_group(const std::string& group, MemoState& now) {
  now = source_.state();
  if (!now.is_up || now.epoch != epoch_) return nullptr;
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : &found->second;
}

Memo::Cached<int> Memo::target_size(const std::string& group) {
  MemoState now;
  Group* found = find_group(group, now);
  if (found == nullptr) return nullptr;
  return of_group(found->target_size, group, now.generation_of_all);
}

Memo::Cached<std::vector<RpcInstance>> Memo::nodes(const std::string& group) {
  MemoState now;
  Group* found = find_group(group, now);
  if (found == nullptr) return nullptr;
  return of_group(found->nodes, group, now.generation_of_all);
}

Memo::Cached<std::optional<Node>> Memo::template_node_info(const std::string& group) {
  MemoState now;
  const Group* found = find_group(group, now);
  return found != nullptr && found->node_template ? &*found->node_template : nullptr;
}

Memo::Cached<std::optional<RpcOptions>> Memo::get_options(const std::string& group,
                                                          const RpcOptions& defaults) {
  MemoState now;
  const Group* found = find_group(group, now);
  if (found == nullptr || !found->options || found->options_defaults != defaults) return nullptr;
  return &*found->options;
}

Memo::Cached<std::optional<RpcNodeGroup>> Memo::node_group_for_node(const Node& node) {
  const MemoState now = source_.state();
  if (!now.is_up || now.epoch != epoch_) return nullptr;
  const std::size_t id = node.id ? node.id.value() : SIZE_MAX;
  if (id < by_version_.size() && holds(by_version_[id], node, now.generation_of_all)) {
    const auto* answer = answer_of(by_version_[id].group);
    if (checks_) check_kept("memo", node.name, answer == by_question(node, now.generation_of_all));
    return answer;
  }
  const auto* answer = by_question(node, now.generation_of_all);
  if (answer == nullptr || id >= kMostNodes) return answer;
  if (id >= by_version_.size()) by_version_.resize(id + 1);
  const std::uint32_t group = *answer && **answer ? index_of(***answer) : kNoGroup;
  const std::uint64_t generation = source_.generation_of_node(node.provider_id);
  by_version_[id] = {node.resource_version, generation, now.generation_of_all, group, true};
  return answer;
}

bool Memo::holds(VersionAnswer& kept, const Node& node, std::uint64_t all) const {
  if (!kept.is_known || kept.resource_version != node.resource_version) return false;
  if (kept.all == all) return true;
  if (kept.group == kNoGroup) return false;
  if (kept.generation != source_.generation_of_node(node.provider_id)) return false;
  kept.all = all;
  return true;
}

Memo::Cached<std::optional<RpcNodeGroup>> Memo::answer_of(std::uint32_t group) const {
  return group == kNoGroup ? &no_group_ : &node_answers_[group];
}

Memo::Cached<std::optional<RpcNodeGroup>> Memo::by_question(const Node& node, std::uint64_t all) {
  const auto found = by_node_.find(key_of(node));
  if (found == by_node_.end()) return nullptr;
  NodeAnswer& entry = found->second;
  if (entry.all != all) {
    if (entry.group == kNoGroup) return nullptr;
    if (entry.generation != source_.generation_of_node(node.provider_id)) return nullptr;
    entry.all = all;
  }
  return answer_of(entry.group);
}

void Memo::put_node_groups(const MemoState& asked,
                           const Result<std::vector<RpcNodeGroup>>& answer) {
  put_all(asked, node_groups_, answer);
}

void Memo::put_gpu_label(const MemoState& asked, const Result<std::string>& answer) {
  put_all(asked, gpu_label_, answer);
}

void Memo::put_gpu_types(const MemoState& asked, const Result<std::vector<std::string>>& answer) {
  put_all(asked, gpu_types_, answer);
}

void Memo::put_target_size(const MemoState& asked, const std::string& group,
                           const Result<int>& answer) {
  if (!may_keep(asked, answer)) return;
  groups_[group].target_size = {answer, source_.generation(group), asked.generation_of_all};
}

void Memo::put_nodes(const MemoState& asked, const std::string& group,
                     const Result<std::vector<RpcInstance>>& answer) {
  if (!may_keep(asked, answer)) return;
  groups_[group].nodes = {answer, source_.generation(group), asked.generation_of_all};
}

void Memo::put_template(const MemoState& asked, const std::string& group,
                        const Result<std::optional<Node>>& answer) {
  if (may_keep(asked, answer)) groups_[group].node_template = answer;
}

void Memo::put_options(const MemoState& asked, const std::string& group, const RpcOptions& defaults,
                       const Result<std::optional<RpcOptions>>& answer) {
  if (!may_keep(asked, answer)) return;
  Group& entry = groups_[group];
  entry.options = answer;
  entry.options_defaults = defaults;
}

void Memo::put_node(const MemoState& asked, const Node& node,
                    const Result<std::optional<RpcNodeGroup>>& answer) {
  if (!answer || !may_keep(asked, answer)) return;
  if (by_node_.size() >= kMostNodes) forget_nodes();
  NodeAnswer entry;
  entry.all = asked.generation_of_all;
  if (*answer) {
    entry.group = index_of(**answer);
    entry.generation = source_.generation_of_node(node.provider_id);
  }
  by_node_[key_of(node)] = entry;
}

std::uint32_t Memo::index_of(const RpcNodeGroup& group) {
  const auto found = std::ranges::find_if(
      node_answers_, [&group](const auto& entry) { return (*entry)->id == group.id; });
  const auto index = static_cast<std::uint32_t>(found - node_answers_.begin());
  if (found == node_answers_.end()) node_answers_.emplace_back(group);
  return index;
}

void Memo::forget_all(std::uint64_t epoch) {
  epoch_ = epoch;
  node_groups_.reset();
  gpu_label_.reset();
  gpu_types_.reset();
  groups_.clear();
  forget_nodes();
  node_answers_.clear();
}

void Memo::forget_nodes() {
  by_node_.clear();
  by_version_.clear();
}

}  // namespace casim::sim

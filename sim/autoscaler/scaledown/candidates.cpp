#include "sim/autoscaler/scaledown/candidates.h"

#include <tuple>
#include <utility>

#include "sim/autoscaler/order/go_sort.h"

namespace casim::sim {

Awaitable<GroupSizes> group_sizes(LoopId by, CloudProvider& provider) {
  GroupSizes sizes;
  const std::vector<NodeGroupPtr> groups = co_await provider.node_groups(by);
  for (const NodeGroupPtr& group : groups) {
    const Result<int> size = co_await group->target_size(by);
    if (size) sizes[group->id()] = *size;
  }
  co_return sizes;
}

Awaitable<std::vector<NodePtr>> scale_down_candidates(LoopId by, CloudProvider& provider,
                                                      std::vector<NodePtr> nodes) {
  std::vector<NodePtr> result;
  const GroupSizes sizes = co_await group_sizes(by, provider);
  for (const NodePtr& node : nodes) {
    Result<NodeGroupPtr> group;
    if (const NodeGroupPtr* known = provider.known_group_of(*node)) {
      group = *known;
    } else {
      group = co_await provider.group_of(by, node);
    }
    if (!group || *group == nullptr) continue;
    const auto size = sizes.find((*group)->id());
    if (size == sizes.end() || size->second <= (*group)->min_size()) continue;
    result.push_back(node);
  }
  co_return result;
}

namespace {

// Smaller sorts first. On-completion pods tell only empty nodes apart.
std::tuple<bool, bool, bool> rank_of(const Node& node, const Snapshot& snapshot,
                                     const DrainContext& context,
                                     const std::set<std::string>& previous) {
  const bool is_new = !previous.contains(node.name);
  const std::optional<Slot> slot = snapshot.find(node.name);
  if (!slot) return {true, false, is_new};
  const Emptiness found = emptiness(snapshot.info(*slot), context);
  return {found == Emptiness::kOccupied, found == Emptiness::kEmptyOnCompletion, is_new};
}

}  // namespace

std::vector<NodePtr> sorted_candidates(std::vector<NodePtr> nodes, const Snapshot& snapshot,
                                       const DrainContext& context,
                                       const std::set<std::string>& previous) {
  // Neither controllers nor budgets are looked at here.
  const DrainContext plain{context.options, context.now, nullptr, nullptr};
  std::vector<std::pair<std::tuple<bool, bool, bool>, NodePtr>> ranked;
  ranked.reserve(nodes.size());
  for (NodePtr& node : nodes) {
    const auto rank = rank_of(*node, snapshot, plain, previous);
    ranked.emplace_back(rank, std::move(node));
  }
  go_sort(ranked, [](const auto& a, const auto& b) { return a.first < b.first; });
  nodes.clear();
  for (auto& [rank, node] : ranked) nodes.push_back(std::move(node));
  return nodes;
}

Awaitable<std::vector<NodePtr>> without_delayed(LoopId by, CloudProvider& provider,
                                                const GroupDelays& delays,
                                                std::vector<NodePtr> nodes, TimePoint now) {
  std::vector<NodePtr> result;
  for (const NodePtr& node : nodes) {
    const Result<NodeGroupPtr> group = co_await provider.group_of(by, node);
    if (!group || *group == nullptr || delays.is_delayed((*group)->id(), now)) continue;
    result.push_back(node);
  }
  co_return result;
}

}  // namespace casim::sim

#include "sim/autoscaler/scaledown/candidates.h"

#include <limits>
#include <optional>
#include <utility>

#include "sim/autoscaler/order/go_sort.h"
#include "sim/cluster/kept_check.h"
#include "src/core/prefetch.h"

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
                                                      const std::vector<NodePtr>& nodes) {
  std::vector<NodePtr> result;
  const GroupSizes sizes = co_await group_sizes(by, provider);
  // No two answers of one round need agree about a minimum, so only the size is kept by group.
  std::vector<std::optional<int>> by_number;
  const auto is_above_minimum = [&](const NodeGroup& group) {
    if (group.number() >= by_number.size()) by_number.resize(group.number() + 1);
    std::optional<int>& size = by_number[group.number()];
    if (!size) {
      const auto known = sizes.find(group.id());
      size = known == sizes.end() ? std::numeric_limits<int>::min() : known->second;
    }
    return *size > group.min_size();
  };
  result.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    prefetch_after(nodes, i);
    const NodePtr& node = nodes[i];
    if (const NodeGroupPtr* known = provider.known_group_of(*node)) {
      if (*known != nullptr && is_above_minimum(**known)) result.push_back(node);
      continue;
    }
    const Result<NodeGroupPtr> group = co_await provider.group_of(by, node);
    if (group && *group != nullptr && is_above_minimum(**group)) result.push_back(node);
  }
  co_return result;
}

Emptiness CandidateOrder::emptiness_of(const Snapshot& snapshot, Slot slot, WallTime now) {
  const NodeInfo& info = snapshot.info(slot);
  // Neither controllers nor budgets are looked at here.
  const DrainContext context{options_, now, nullptr, nullptr};
  constexpr std::size_t kMostIds = 1 << 24;
  const std::size_t id = info.node->id.value();
  if (id >= kMostIds) return emptiness(info, context);
  if (id >= by_id_.size()) by_id_.resize(id + 1);
  Kept& kept = by_id_[id];
  if (kept.of != 0 && kept.of == info.version) {
    if (checks_) {
      check_kept("emptiness", info.node->name, emptiness(info, context) == kept.emptiness);
    }
    return kept.emptiness;
  }
  bool hangs_on_time = false;
  const Emptiness found = emptiness(info, context, &hangs_on_time);
  kept.of = hangs_on_time ? 0 : info.version;
  kept.emptiness = found;
  return found;
}

// Smaller sorts first. On-completion pods tell only empty nodes apart.
std::uint8_t CandidateOrder::rank_of(const Node& node, const Snapshot& snapshot, WallTime now,
                                     NodeMarks& previous) {
  constexpr std::uint8_t kOccupied = 4;
  constexpr std::uint8_t kOnCompletion = 2;
  const std::uint8_t is_new = previous.contains(node) ? 0 : 1;
  const std::optional<Slot> slot = snapshot.find(node);
  if (!slot) return kOccupied | is_new;
  const Emptiness found = emptiness_of(snapshot, *slot, now);
  if (found == Emptiness::kEmpty) return is_new;
  return (found == Emptiness::kOccupied ? kOccupied : kOnCompletion) | is_new;
}

std::vector<NodePtr> CandidateOrder::sorted(std::vector<NodePtr> nodes, const Snapshot& snapshot,
                                            WallTime now, NodeMarks& previous) {
  std::vector<std::pair<std::uint8_t, std::uint32_t>> ranked;  // and where it stands
  ranked.reserve(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    prefetch_after(nodes, i);
    const NodePtr& node = nodes[i];
    ranked.emplace_back(rank_of(*node, snapshot, now, previous),
                        static_cast<std::uint32_t>(ranked.size()));
  }
  go_sort(ranked, [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<NodePtr> result;
  result.reserve(nodes.size());
  for (const auto& [rank, index] : ranked) result.push_back(std::move(nodes[index]));
  return result;
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

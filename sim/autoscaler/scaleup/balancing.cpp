#include "sim/autoscaler/scaleup/balancing.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "sim/autoscaler/order/go_sort.h"

namespace casim::sim {
namespace {

std::int64_t room_in(const std::vector<ScaleUpInfo>& groups) {
  std::int64_t room = 0;
  for (const ScaleUpInfo& group : groups) {
    room += std::max(std::int64_t{0}, std::int64_t{group.max_size} - group.current_size);
  }
  return room;
}

// Fills one level after the other: the groups from `first` to `at` are the smallest ones and equal
// but for the node that this round has given. Requires: room for all nodes.
void fill(std::vector<ScaleUpInfo>& groups, int new_nodes) {
  std::size_t first = 0;  // those before it are full
  std::size_t at = 0;
  while (new_nodes > 0) {
    ScaleUpInfo& group = groups[at];
    if (group.new_size < group.max_size) {
      ++group.new_size;
      --new_nodes;
    } else {
      std::swap(groups[first], group);
      ++first;
    }
    // Also after a swap: then it is the group swapped in that is compared with the next.
    const bool is_above_next =
        at + 1 < groups.size() && groups[at].new_size > groups[at + 1].new_size;
    at = is_above_next ? at + 1 : first;
  }
}

}  // namespace

std::vector<ScaleUpInfo> balance(std::vector<ScaleUpInfo> groups, int new_nodes) {
  // A group at its maximum takes no part; one above it keeps its place and takes nothing.
  std::erase_if(groups, [](const ScaleUpInfo& g) { return g.current_size == g.max_size; });
  go_sort(groups, [](const ScaleUpInfo& a, const ScaleUpInfo& b) {
    return a.current_size < b.current_size;
  });
  fill(groups, static_cast<int>(std::min<std::int64_t>(new_nodes, room_in(groups))));
  std::erase_if(groups, [](const ScaleUpInfo& g) { return g.new_size == g.current_size; });
  return groups;
}

}  // namespace casim::sim

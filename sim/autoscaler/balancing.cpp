#include "sim/autoscaler/balancing.h"

#include <algorithm>

namespace casim::sim {

std::vector<ScaleUpInfo> balance(std::vector<ScaleUpInfo> groups, int new_nodes) {
  // A group at its maximum takes no part; one above it keeps its place and takes nothing.
  std::erase_if(groups, [](const ScaleUpInfo& g) { return g.current_size == g.max_size; });
  std::stable_sort(groups.begin(), groups.end(), [](const ScaleUpInfo& a, const ScaleUpInfo& b) {
    return a.current_size < b.current_size;
  });
  for (int n = 0; n < new_nodes; ++n) {
    ScaleUpInfo* smallest = nullptr;
    for (ScaleUpInfo& group : groups) {
      if (group.new_size >= group.max_size) continue;
      if (smallest == nullptr || group.new_size < smallest->new_size) smallest = &group;
    }
    if (smallest == nullptr) break;
    ++smallest->new_size;
  }
  std::erase_if(groups, [](const ScaleUpInfo& g) { return g.new_size == g.current_size; });
  return groups;
}

}  // namespace casim::sim

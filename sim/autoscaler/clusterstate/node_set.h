// Whether a loop's nodes are those of the loop before, in whatever order they are listed.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

// By id: one id is one node, with one provider id, for ever.
class NodeSet {
 public:
  // Takes the nodes of one more loop; true if they are the same as before.
  bool update(const std::vector<NodePtr>& nodes) {
    ++round_;
    bool is_same = nodes.size() == size_;
    for (const NodePtr& node : nodes) {
      const std::size_t id = node->id.value();
      if (id >= kMostIds) {
        is_same = false;  // a node without id might be any
        continue;
      }
      if (id >= seen_.size()) seen_.resize(id + 1);
      is_same = is_same && seen_[id] == round_ - 1;
      seen_[id] = round_;
    }
    size_ = nodes.size();
    return is_same;
  }

 private:
  static constexpr std::size_t kMostIds = 1 << 24;

  std::vector<std::uint32_t> seen_;  // by id: the last round with the node
  std::uint32_t round_ = 1;
  std::size_t size_ = 0;
};

}  // namespace casim::sim

// Which nodes bear one label, looked up once for each version of a node.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

// A version of a node is told by its id and resource version; one without id is looked at.
class LabelledNodes {
 public:
  bool has(const Node& node, const std::string& label) {
    const std::size_t id = node.id.value();
    if (id >= kMostIds) return node.labels.contains(label);
    if (label != label_) {
      label_ = label;
      seen_.clear();
    }
    if (id >= seen_.size()) seen_.resize(id + 1);
    Seen& seen = seen_[id];
    if (!seen.is_known || seen.resource_version != node.resource_version)
      seen = {node.resource_version, true, node.labels.contains(label)};
    return seen.has_label;
  }

 private:
  static constexpr std::size_t kMostIds = 1 << 24;

  struct Seen {
    std::uint64_t resource_version = 0;
    bool is_known = false;
    bool has_label = false;
  };

  std::string label_;
  std::vector<Seen> seen_;  // by NodeId
};

}  // namespace casim::sim

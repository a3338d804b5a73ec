// Builds the loop's snapshot out of what has not changed since the last loop: nodes with the same
// version and the same pods are shared, so a quiet loop costs a look at each node.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::sim {

// The real one lists all nodes and pods anew in each loop (RunOnce, SetClusterState).
class SnapshotCache {
 public:
  explicit SnapshotCache(const AutoscalerOptions& options) : options_(options) {}

  // Nodes with their listed and non-expendable pods, in the order given; nominated pods count as
  // placed. `by`: whose snapshot.
  void fill(LoopId by, Snapshot& snapshot, const std::vector<NodePtr>& nodes,
            const ClusterView& view, const std::vector<PodPtr>& nominated);

 private:
  struct Entry {
    NodePtr node;
    std::uint64_t pods_version = 0;
    std::uint64_t round = 0;
    NodeInfoPtr info;
  };

  NodeInfoPtr info_of(const NodePtr& node, const ClusterView& view);

  const AutoscalerOptions& options_;
  boost::unordered_flat_map<std::string, Entry> entries_;
  std::uint64_t round_ = 0;
};

}  // namespace casim::sim

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
  // `checks`: compares what is kept with what is computed anew.
  explicit SnapshotCache(const AutoscalerOptions& options, bool checks = false)
      : options_(options), checks_(checks) {}

  // Nodes with their listed and non-expendable pods, in the order given; nominated pods count as
  // placed. `by`: whose snapshot.
  void fill(LoopId by, Snapshot& snapshot, const std::vector<NodePtr>& nodes,
            const ClusterView& view, const std::vector<PodPtr>& nominated);

 private:
  struct Entry {
    NodePtr node;
    ClusterView::NodePodsPtr on;  // null: not known as long as the node is none of the view's
    std::uint64_t pods_version = 0;
    std::uint64_t round = 0;
    std::shared_ptr<NodeInfo> info;
  };

  NodeInfoPtr info_of(const NodePtr& node, const ClusterView& view);
  Entry& entry_of(const Node& node);
  bool counts(const Pod& pod) const;
  std::shared_ptr<NodeInfo> make_info(const NodePtr& node, const std::vector<PodPtr>& pods) const;
  // Gives it the pods that a new one would have. False: it cannot, and is of no use any more.
  bool follow(NodeInfo& info, const std::vector<PodPtr>& pods) const;
  void check(const Entry& entry, const ClusterView& view) const;
  void sweep();

  const AutoscalerOptions& options_;
  const bool checks_;
  std::vector<Entry> by_id_;
  boost::unordered_flat_map<std::string, Entry> by_name_;  // of nodes without id
  std::size_t live_ = 0;                                   // entries of by_id_ with a node
  std::uint64_t round_ = 0;
};

}  // namespace casim::sim

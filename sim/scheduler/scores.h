// The scores of the default profile. What depends on one node alone is its base score and is kept
// per class; what is normalised over the feasible nodes of a cycle is added by WindowScorer.
// Source: algorithm 5.3.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"

namespace casim::sim {

// LeastAllocated + NodeResourcesBalancedAllocation, 0 to 200. Requires: the pod fits.
int base_score(const PodClass& pod_class, const SchedulerNodeInfo& at);

// A feasible node of this cycle, or one for all that are scored alike, and what normalised scores
// are made of.
struct ScoredNode {
  NodeId node;
  std::int32_t total = 0;  // begins as the base score
  std::int32_t soft_taints = 0;
  std::int32_t preferred = 0;
  std::size_t stands_for = 1;  // nodes; asked for only if ClassTopology::may_ignore_nodes()
};

// What a node's normalised scores hang on, apart from which other nodes are feasible, and whether
// pods elsewhere refuse it: nodes with equal keys get equal answers. 0: nothing that counts.
struct ScoreKey {
  std::uint32_t soft_taints = 0;
  std::int32_t preferred = 0;
  std::uint64_t place = 0;   // fingerprint of where it stands in the class's topology
  std::uint64_t images = 0;  // fingerprint of the images on the node, where the class has some
  NodeId nominated;          // the node itself, where nominated pods count against the class

  bool operator==(const ScoreKey&) const = default;
};

std::size_t hash_value(const ScoreKey& key);  // found by boost::hash

class ClassTopology;

// Adds TaintToleration (weight 3), NodeAffinity (2), PodTopologySpread (2), InterPodAffinity (2)
// and ImageLocality (1), each normalised over the given nodes, which stand for `feasible` nodes in
// all.
class WindowScorer {
 public:
  explicit WindowScorer(NodeTable& nodes) : nodes_(nodes) {}

  // Adds to each node's total what it scores among the given ones.
  void score(const PodClass& pod_class, ClassTopology& topology, std::size_t feasible,
             std::vector<ScoredNode>& window);

 private:
  void add_taints(std::vector<ScoredNode>& window);
  void add_affinity(std::vector<ScoredNode>& window);
  void add_images(const PodSpec& spec, std::vector<ScoredNode>& window);

  NodeTable& nodes_;
};

// What ImageLocality sees of the class's images on a node: equal for nodes that score alike.
std::uint64_t image_fingerprint(const PodClass& pod_class, const SchedulerNodeInfo& at);

}  // namespace casim::sim

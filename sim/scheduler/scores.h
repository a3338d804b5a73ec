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
int base_score(const PodClass& pod_class, const NodeRoom& at);

// A feasible node of this cycle, or one for all that are scored alike, and what normalised scores
// are made of.
struct ScoredNode {
  NodeId node;
  std::int32_t total = 0;  // begins as the base score
  std::int32_t soft_taints = 0;
  std::int32_t preferred = 0;
};

// What a node's normalised scores hang on, apart from which other nodes are feasible: nodes with
// equal keys get equal scores. 0: nothing that counts.
struct ScoreKey {
  std::uint32_t soft_taints = 0;
  std::int32_t preferred = 0;
  std::uint32_t zone = 0;     // its number + 1, where the class is spread
  std::int32_t matching = 0;  // pods on the node that the class is spread against
  std::uint64_t images = 0;   // fingerprint of the images on the node, where the class has some

  bool operator==(const ScoreKey&) const = default;
};

std::size_t hash_value(const ScoreKey& key);  // found by boost::hash

// Adds TaintToleration (weight 3), NodeAffinity (2), PodTopologySpread (2, default constraints) and
// ImageLocality (1), each normalised over the given nodes,
// which stand for `feasible` nodes in all.
class WindowScorer {
 public:
  explicit WindowScorer(NodeTable& nodes) : nodes_(nodes) {}

  void score(ClassId id, const PodClass& pod_class, std::size_t feasible,
             std::vector<ScoredNode>& window);
  ScoreKey key_of(ClassId id, const PodClass& pod_class, const NodeRoom& at,
                  std::uint32_t soft_taints, std::int32_t preferred);

 private:
  void add_taints(std::vector<ScoredNode>& window);
  void add_affinity(std::vector<ScoredNode>& window);
  void add_images(const PodSpec& spec, std::vector<ScoredNode>& window);
  void add_default_spread(ClassId id, const PodClass& pod_class, std::size_t feasible,
                          std::vector<ScoredNode>& window);

  // The groups whose pods a class's own selector counts.
  struct Selection {
    std::size_t groups_seen = 0;
    std::vector<LabelGroup> list;
    std::vector<bool> has;  // by LabelGroup
  };

  const Selection& selection(ClassId id, const PodSpec& spec);
  static std::int32_t matching(const Selection& selected, const NodeRoom& at);
  std::vector<std::int64_t> zone_sums(const Selection& selected,
                                      const std::vector<ScoredNode>& window, std::size_t& zones);

  NodeTable& nodes_;
  std::vector<Selection> selections_;  // by ClassId; each grows with the groups
  std::vector<std::int64_t> raw_;
};

}  // namespace casim::sim

// The rules of algorithm 5.2 and 5.3, written down without any cache: looks at every pod of every
// node each time.
#pragma once

#include "sim/scheduler/candidates.h"

namespace casim::sim {

struct Plain {
  NodeTable& nodes;
  const PodClass& pod_class;
  WindowScorer scorer{nodes};

  Choice choose(std::size_t start, std::size_t want);
  // Own constraints and those of pods elsewhere; 0: none is broken.
  bool is_refused(NodeId node) const;
  bool is_reserved(NodeId node) const;
  double spreading(NodeId node, const std::vector<NodeId>& window) const;
  std::int64_t affinity(NodeId node) const;
  void score_topology(std::vector<ScoredNode>& window) const;
};

}  // namespace casim::sim

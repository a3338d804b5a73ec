// Which groups are so alike that a scale-up may be split between them. Source:
// autoscaler-algorithm.md 3.9.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/simulator/node_info.h"

namespace casim::sim {

// How two templates are compared.
struct SimilarityRules {
  SimilarityRules() = default;
  // What reaches a provider without a comparator of its own: up to 1.36 all flags, since 1.37
  // --balancing-label alone.
  explicit SimilarityRules(const AutoscalerOptions& options);

  std::vector<std::string> labels;             // not empty: their equality alone decides
  std::set<std::string> extra_ignored_labels;  // beside those that are always ignored
  double memory_difference_ratio = 0.015;      // of capacity; all else there is equal
  double max_allocatable_difference_ratio = 0.05;
  double max_free_difference_ratio = 0.05;
};

// Upstream's IsCloudProviderNodeInfoSimilar with these rules, symmetric.
bool are_similar(const NodeInfo& a, const NodeInfo& b, const SimilarityRules& rules);

}  // namespace casim::sim

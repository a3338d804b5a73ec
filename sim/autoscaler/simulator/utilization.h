// How full a node is. Source: autoscaler-algorithm.md 4.3.
#pragma once

#include <optional>
#include <string_view>

#include "sim/autoscaler/simulator/node_info.h"

namespace casim::sim {

// What counts.
struct UtilizationRules {
  bool ignore_daemonsets = false;  // their pods' requests leave both sides of the fraction
  bool ignore_mirror = false;      // likewise
  std::string_view gpu_resource;   // of a GPU node; only this counts then
  bool is_gpu_node = false;
};

// Requests as shares of what is allocatable, 0 to 1 and beyond.
struct Utilization {
  double cpu = 0;
  double memory = 0;
  double gpu = 0;
  double highest = 0;  // of a GPU node: its GPUs alone
};

// Makes the rules those of a GPU node, if it bears the GPU label or offers GPUs.
void set_gpu_rules(UtilizationRules& rules, const Node& node, bool has_gpu_label);

// None: the node offers no cpu or memory.
std::optional<Utilization> utilization(const NodeInfo& info, const UtilizationRules& rules,
                                       WallTime now);

}  // namespace casim::sim

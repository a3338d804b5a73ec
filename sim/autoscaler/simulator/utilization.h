// How full a node is. Source: autoscaler-algorithm.md 4.3.
#pragma once

#include <optional>
#include <string_view>

#include "sim/autoscaler/simulator/node_info.h"

namespace casim::sim {

struct UtilizationRules {
  bool ignore_daemonsets = false;
  bool ignore_mirror = false;
  std::string_view gpu_resource;  // of a GPU node; only this counts then
  bool is_gpu_node = false;
};

struct Utilization {
  double cpu = 0;
  double memory = 0;
  double gpu = 0;
  double highest = 0;  // of a GPU node: its GPUs alone
};

// A node with the label, or that offers GPUs.
void set_gpu_rules(UtilizationRules& rules, const Node& node, const std::string& gpu_label);

// None: the node offers no cpu or memory.
std::optional<Utilization> utilization(const NodeInfo& info, const UtilizationRules& rules,
                                       WallTime now);

}  // namespace casim::sim

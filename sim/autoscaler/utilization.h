// How full a node is. Source: autoscaler-algorithm.md 4.3.
#pragma once

#include <optional>
#include <string_view>

#include "sim/autoscaler/node_info.h"

namespace casim::sim {

struct UtilizationRules {
  bool ignore_daemonsets = false;
  bool ignore_mirror = false;
  std::string_view gpu_resource;  // of a GPU node; only this counts then
  bool is_gpu_node = false;
};

// None: the node offers no cpu or memory.
std::optional<double> utilization(const NodeInfo& info, const UtilizationRules& rules,
                                  WallTime now);

}  // namespace casim::sim

// Disruption budgets as a user writes them, by the names of policy/v1 PodDisruptionBudget.
#pragma once

#include <optional>
#include <string>

#include "sim/cluster/int_or_percent.h"
#include "sim/cluster/objects.h"
#include "sim/scenario/pod_template.h"

namespace casim::sim {

struct DisruptionBudgetConfig {
  std::string name;
  std::string namespace_name = "default";
  std::optional<LabelSelectorTemplate> selector;  // none: no pod; empty: all of the namespace
  std::optional<IntOrPercent> min_available;
  std::optional<IntOrPercent> max_unavailable;
  UnhealthyPodEvictionPolicy unhealthy_pod_eviction = UnhealthyPodEvictionPolicy::kIfHealthyBudget;
};

}  // namespace casim::sim

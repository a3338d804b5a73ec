// The scenario's autoscaler part as the autoscaler's own options.
#pragma once

#include <string>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

struct AutoscalerFlags {
  AutoscalerOptions options;
  std::vector<FlagProblem> problems;  // empty: the options hold
  std::vector<std::string> warnings;
};

AutoscalerFlags autoscaler_options(const AutoscalerScenario& autoscaler);

}  // namespace casim::sim

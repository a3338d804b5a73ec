// When the scheduling gates that pods name are lifted.
#pragma once

#include <optional>
#include <string>

#include "src/core/distribution.h"
#include "src/core/time.h"

namespace casim::sim {

struct GateConfig {
  std::string name;
  std::optional<Distribution> lifted_after;  // from the pod's creation
  std::optional<Duration> lifted_at;
};

}  // namespace casim::sim

// Options of aws-node-termination-handler, by its names. Defaults are its own
// [github.com/aws/aws-node-termination-handler: pkg/config].
#pragma once

#include <optional>

#include "src/core/time.h"

namespace casim::sim {

struct NodeTerminationHandlerConfig {
  bool cordon_only = false;
  bool taint_node = false;
  // Instead of each pod's own.
  std::optional<Duration> pod_termination_grace_period;
  // A drain begins so long before the machine's end, and is given up after it.
  Duration node_termination_grace_period = std::chrono::seconds(120);
};

}  // namespace casim::sim

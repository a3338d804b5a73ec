#include "src/ec2/types.h"

#include <cassert>

namespace casim::ec2 {

std::string_view name_of(InstanceState state) {
  switch (state) {
    case InstanceState::kPending:
      return "pending";
    case InstanceState::kRunning:
      return "running";
    case InstanceState::kShuttingDown:
      return "shutting-down";
    case InstanceState::kTerminated:
      return "terminated";
    case InstanceState::kStopping:
      return "stopping";
    case InstanceState::kStopped:
      return "stopped";
  }
  assert(false && "not an InstanceState");
  return "unknown";
}

std::vector<std::pair<Lifecycle, std::string_view>> enum_names(Lifecycle) {
  return {{Lifecycle::kOnDemand, "on-demand"}, {Lifecycle::kSpot, "spot"}};
}

}  // namespace casim::ec2

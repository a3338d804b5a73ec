#include "sim/autoscaler/observers/loop_results.h"

namespace casim::sim {

std::string_view name_of(ScaleUpResult result) {
  switch (result) {
    case ScaleUpResult::kSuccessful:
      return "ScaleUpSuccessful";
    case ScaleUpResult::kError:
      return "ScaleUpError";
    case ScaleUpResult::kNoOptionsAvailable:
      return "ScaleUpNoOptionsAvailable";
    case ScaleUpResult::kNotNeeded:
      return "ScaleUpNotNeeded";
    case ScaleUpResult::kNotTried:
      return "ScaleUpNotTried";
    case ScaleUpResult::kInCooldown:
      return "ScaleUpInCooldown";
    case ScaleUpResult::kLimitedByMaxNodesTotal:
      return "ScaleUpLimitedByMaxNodesTotal";
  }
  return "";
}

std::string_view name_of(ScaleDownResult result) {
  switch (result) {
    case ScaleDownResult::kError:
      return "ScaleDownError";
    case ScaleDownResult::kNoCandidates:
      return "ScaleDownNoCandidates";
    case ScaleDownResult::kNoNodeDeleted:
      return "ScaleDownNoNodeDeleted";
    case ScaleDownResult::kNodeDeleteStarted:
      return "ScaleDownNodeDeleteStarted";
    case ScaleDownResult::kNotTried:
      return "ScaleDownNotTried";
    case ScaleDownResult::kInCooldown:
      return "ScaleDownInCooldown";
  }
  return "";
}

std::string_view name_of(EarlyReturn reason) {
  switch (reason) {
    case EarlyReturn::kNoReadyNodes:
      return "NoReadyNodes";
    case EarlyReturn::kClusterUnhealthy:
      return "ClusterUnhealthy";
    case EarlyReturn::kGroupSizeFixed:
      return "GroupSizeFixed";
  }
  return "";
}

}  // namespace casim::sim

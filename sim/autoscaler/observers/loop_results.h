// How a loop ended, and what it did with its scale-up and its scale-down. Source: upstream's
// processors/status (ScaleUpResult, ScaleDownResult) and core/static_autoscaler.go.
#pragma once

#include <optional>
#include <string_view>

#include "sim/autoscaler/observers/autoscaler_error.h"

namespace casim::sim {

// Of one loop; of several scale-ups, the last.
enum class ScaleUpResult {
  kSuccessful,
  kError,
  kNoOptionsAvailable,
  kNotNeeded,  // no pod asks for it
  kNotTried,
  kInCooldown,  // all pods are too new
  kLimitedByMaxNodesTotal,
};

std::string_view name_of(ScaleUpResult result);  // "ScaleUpNoOptionsAvailable", as upstream's

// Of one loop.
enum class ScaleDownResult {
  kError,
  kNoCandidates,
  kNoNodeDeleted,  // unneeded nodes there are, but none may go now
  kNodeDeleteStarted,
  kNotTried,
  kInCooldown,
};

std::string_view name_of(ScaleDownResult result);  // "ScaleDownNodeDeleteStarted", as upstream's

// Why RunOnce returned early without an error.
enum class EarlyReturn {
  kNoReadyNodes,      // and --scale-up-from-zero is off
  kClusterUnhealthy,  // too many nodes are not ready
  kGroupSizeFixed,    // a target was lowered: the next loop starts from the new sizes
};

std::string_view name_of(EarlyReturn reason);  // "ClusterUnhealthy"

// What a loop did for its pods, and with nodes that nobody needs.
struct LoopResults {
  ScaleUpResult scale_up = ScaleUpResult::kNotTried;
  ScaleDownResult scale_down = ScaleDownResult::kNotTried;
  std::optional<AutoscalerError> scale_up_error;  // which RunOnce swallows

  bool operator==(const LoopResults&) const = default;
};

// How RunOnce returned; both none: after its last step.
struct LoopEnd {
  std::optional<AutoscalerErrorType> error;  // of RunOnce
  std::optional<EarlyReturn> early_return;
};

}  // namespace casim::sim

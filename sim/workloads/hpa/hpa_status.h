// The status of an HPA as far as a change of it is written, and one decision that makes it.
// Source: algorithm 6.1 [k8s:pkg/controller/podautoscaler/horizontal.go, reconcileAutoscaler].
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/workloads/hpa/replica_calculator.h"
#include "sim/workloads/hpa/scaling_rules.h"

namespace casim::sim {

struct HpaStatus {
  // Conditions, by the reason of each.
  enum class Able : std::uint8_t { kUnknown, kReady, kStabilized, kRescaled, kGotScale };
  enum class Active : std::uint8_t { kUnknown, kDisabled, kValid, kInvalid };

  std::int32_t current = 0;
  std::int32_t desired = 0;
  std::optional<WallTime> last_scale;  // whole seconds
  std::vector<std::optional<HpaProposal>> metrics;
  Able able = Able::kUnknown;
  Active active = Active::kUnknown;
  std::size_t deciding = 0;  // the metric, named by Active's message
  HpaLimits limits;
  bool is_scaled_to_zero = false;  // the HPA itself did it, and may undo it

  bool operator==(const HpaStatus&) const = default;
};

// What all metrics together ask for; nothing: they cannot tell.
struct HpaAdvice {
  std::int32_t replicas = 0;
  std::size_t deciding = 0;
};

// The largest valid proposal; with an invalid one among them, only if it does not scale down.
std::optional<HpaAdvice> advice_of(const std::vector<std::optional<HpaProposal>>& proposals,
                                   std::int32_t current);

// What the size alone decides, before any metric is asked.
enum class HpaCourse : std::uint8_t { kAskMetrics, kDisabled, kToMax, kToMin };
HpaCourse course_of(const HpaSpec& spec, std::int32_t current, bool is_scaled_to_zero,
                    const HpaRelease& release);

}  // namespace casim::sim

// How many replicas one metric asks for: upstream's replica calculator, in doubles and in its order
// of operations, for a ceil a last bit away from a whole number decides. Pure.
// Source: algorithm 6.1 [k8s:pkg/controller/podautoscaler/replica_calculator.go].
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/workloads/hpa/hpa_spec.h"

namespace casim::sim {

// What a pod uses, in thousandths, as one answer of the metrics API has it.
struct PodSample {
  std::int64_t value = 0;
  WallTime taken{};
  Duration window{};
};

// A pod of the target as the controller sees it. Times are those of the object: whole seconds.
struct HpaPod {
  enum class Phase : std::uint8_t { kPending, kRunning, kEnded };

  Phase phase = Phase::kPending;
  bool is_deleting = false;
  std::optional<WallTime> start_time;
  bool is_ready = false;
  std::optional<WallTime> ready_changed;  // last transition; none: it has no Ready condition
  std::int64_t request = 0;               // of the metric's resource, in thousandths
  std::optional<PodSample> sample;
};

// How far usage / target may be off 1 without a change.
struct HpaTolerance {
  double up = 0.1;
  double down = 0.1;
  bool is_closed = true;  // HpaRelease::has_closed_tolerance

  bool holds(double ratio) const;
};

HpaTolerance tolerance_of(const HpaSpec& spec, const HpaFlags& flags, const HpaRelease& release);

struct HpaScale {
  std::int32_t replicas = 0;  // spec.replicas
  std::int32_t existing = 0;  // status.replicas
};

// What a metric came to.
struct HpaProposal {
  std::int32_t replicas = 0;
  std::int64_t current = 0;  // as the status tells it: percent, or thousandths

  bool operator==(const HpaProposal&) const = default;
};

struct HpaQuestion {
  const HpaMetric& metric;
  HpaScale scale;
  HpaTolerance tolerance;
  const HpaFlags& flags;
  WallTime now{};
};

// A metric of pods; nothing: it cannot tell.
std::optional<HpaProposal> replicas_for_pods(const HpaQuestion& question,
                                             const std::vector<HpaPod>& pods);

// An object or external metric whose value is `usage`, in thousandths.
std::optional<HpaProposal> replicas_for_value(const HpaQuestion& question, std::int64_t usage,
                                              const std::vector<HpaPod>& pods);

}  // namespace casim::sim

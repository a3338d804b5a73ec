// A HorizontalPodAutoscaler (autoscaling/v2) as its controller reads it, and what the controller's
// releases differ in. Quantities are thousandths, as upstream computes (MilliValue); utilisation is
// in percent of the request. Source: algorithm 6.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/core/time.h"

namespace casim::sim {

// The minor release of kube-controller-manager, and what hangs on it.
struct HpaRelease {
  static constexpr int kOldest = 32;
  static constexpr int kNewest = 37;

  int minor = kNewest;

  // Exactly 10 % too much is within the tolerance; before, doubles decided otherwise.
  bool has_closed_tolerance() const { return minor >= 33; }

  bool has_own_tolerance() const { return minor >= 35; }  // gate HPAConfigurableTolerance

  bool syncs_changes_at_once() const { return minor >= 37; }  // gate HPAGeneration

  bool scales_to_zero() const { return minor >= 37; }  // gate HPAScaleToZero
};

struct HpaMetric {
  enum class Source : std::uint8_t { kCpu, kMemory, kPods, kObject, kExternal };
  enum class Target : std::uint8_t { kUtilization, kAverageValue, kValue };

  Source source = Source::kCpu;
  Target kind = Target::kUtilization;  // of a resource; kValue of an object or external metric
  std::int64_t target = 80;            // percent, or thousandths

  bool is_resource() const { return source == Source::kCpu || source == Source::kMemory; }

  bool is_of_pods() const { return is_resource() || source == Source::kPods; }
};

struct HpaPolicy {
  bool is_percent = true;  // else pods
  std::int32_t value = 100;
  std::int32_t period_s = 15;
};

enum class HpaSelect : std::uint8_t { kMax, kMin, kDisabled };

// One direction of `behavior`, defaults filled in.
struct HpaRules {
  std::optional<std::int32_t> window_s;  // none, down: the controller's own window
  HpaSelect select = HpaSelect::kMax;
  std::vector<HpaPolicy> policies;
  std::optional<double> tolerance;

  static HpaRules default_up() {
    return {0, HpaSelect::kMax, {{false, 4, 15}, {true, 100, 15}}, std::nullopt};
  }

  static HpaRules default_down() {
    return {std::nullopt, HpaSelect::kMax, {{true, 100, 15}}, std::nullopt};
  }
};

struct HpaBehavior {
  HpaRules up = HpaRules::default_up();
  HpaRules down = HpaRules::default_down();
};

struct HpaSpec {
  std::int32_t min = 1;
  std::int32_t max = 1;
  std::vector<HpaMetric> metrics;
  std::optional<HpaBehavior> behavior;

  bool has_object_or_external() const;
};

// Flags of kube-controller-manager, --horizontal-pod-autoscaler-*, with their defaults.
struct HpaFlags {
  Duration sync_period = std::chrono::seconds(15);
  Duration downscale_stabilization = std::chrono::minutes(5);
  double tolerance = 0.1;
  Duration cpu_initialization_period = std::chrono::minutes(5);
  Duration initial_readiness_delay = std::chrono::seconds(30);
  int concurrent_syncs = 5;  // --concurrent-horizontal-pod-autoscaler-syncs
};

}  // namespace casim::sim

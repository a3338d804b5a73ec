// How graceful degradation spreads scale-up and scale-down over the loops of a cluster with too
// many pending pods (1.37). Its flag, enable-graceful-degradation, is not built: the autoscaler
// here is never degraded. Source: autoscaler-algorithm.md 1.3; static_autoscaler.go
// shouldScaleDown.
#pragma once

namespace casim::sim {

// Upstream's GracefulDegradation state.
struct Degradation {
  bool is_enabled = false;
  int loop_count = 0;  // loops since it began; 0: not degraded
};

inline constexpr int kDegradationCycle = 4;

// Three loops of four scale up only, the fourth scales down only.
inline bool allows_scale_up(const Degradation& degradation) {
  const bool is_degraded = degradation.is_enabled && degradation.loop_count > 0;
  return !is_degraded || degradation.loop_count % kDegradationCycle != 0;
}

inline bool allows_scale_down(const Degradation& degradation) {
  const bool is_degraded = degradation.is_enabled && degradation.loop_count > 0;
  return !is_degraded || degradation.loop_count % kDegradationCycle == 0;
}

}  // namespace casim::sim

#include "sim/autoscaler/scaleup/limiter.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace casim::sim {
namespace {

template <class V>
V min_limit(V base, V other) {
  if (base < V{} || other < V{}) return V{} - V(1);
  if (other > V{} && (base == V{} || base > other)) return other;
  return base;
}

}  // namespace

Threshold combined(const std::vector<Threshold>& thresholds) {
  Threshold result;
  for (const Threshold& threshold : thresholds) {
    result.nodes = min_limit(result.nodes, threshold.nodes);
    result.duration = min_limit(result.duration, threshold.duration);
  }
  return result;
}

Threshold capacity_threshold(const std::vector<GroupCapacity>& groups) {
  std::int64_t capacity = 0;
  for (const GroupCapacity& group : groups) {
    capacity += std::max(std::int64_t{0}, std::int64_t{group.max_size} - group.target);
  }
  if (capacity == 0) return Threshold{-1, {}};
  constexpr std::int64_t kMost = std::numeric_limits<int>::max();
  return Threshold{static_cast<int>(std::min(capacity, kMost)), {}};
}

Threshold cluster_threshold(int max_nodes_total, int current_nodes) {
  if (max_nodes_total == 0) return {};
  if (max_nodes_total < 0 || max_nodes_total <= current_nodes) return Threshold{-1, {}};
  return Threshold{max_nodes_total - current_nodes, {}};
}

std::vector<ThresholdRule> default_thresholds(int max_nodes_per_scaleup, Duration max_duration) {
  const Threshold fixed{max_nodes_per_scaleup, max_duration};
  return {
      [fixed](const EstimationContext&) { return fixed; },
      [](const EstimationContext& c) { return capacity_threshold(c.groups); },
      [](const EstimationContext& c) {
        return cluster_threshold(c.max_nodes_total, c.current_nodes);
      },
  };
}

bool EstimationLimiter::permit(Duration elapsed) {
  if (limit_.nodes < 0 || (limit_.nodes > 0 && granted_ >= limit_.nodes)) return false;
  if (limit_.duration < Duration{}) return false;
  if (limit_.duration > Duration{} && elapsed > limit_.duration) return false;
  ++granted_;
  return true;
}

}  // namespace casim::sim

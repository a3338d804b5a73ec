#include "sim/workloads/hpa/hpa_status.h"

#include <algorithm>

namespace casim::sim {

std::optional<HpaAdvice> advice_of(const std::vector<std::optional<HpaProposal>>& proposals,
                                   std::int32_t current) {
  HpaAdvice advice;
  std::size_t invalid = 0;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    if (!proposals[i]) {
      ++invalid;
    } else if (advice.replicas == 0 || proposals[i]->replicas > advice.replicas) {
      advice = {proposals[i]->replicas, i};
    }
  }
  if (invalid == proposals.size()) return std::nullopt;
  if (invalid > 0 && advice.replicas < current) return std::nullopt;
  return advice;
}

HpaCourse course_of(const HpaSpec& spec, std::int32_t current, bool is_scaled_to_zero,
                    const HpaRelease& release) {
  if (current == 0) {
    const bool was_us = release.scales_to_zero() && is_scaled_to_zero;
    const bool may_ask = was_us && (spec.min != 0 || spec.has_object_or_external());
    return may_ask ? HpaCourse::kAskMetrics : HpaCourse::kDisabled;
  }
  if (current > spec.max) return HpaCourse::kToMax;
  if (current < spec.min) return HpaCourse::kToMin;
  return HpaCourse::kAskMetrics;
}

}  // namespace casim::sim

// --scale-down-delay-type-local: the delays after a scale-up, a removal and a failed removal keep
// the nodes of their own group from being looked at, instead of stopping all removals.
// Source: autoscaler-algorithm.md 4.1; processors/scaledowncandidates.
#pragma once

#include <map>
#include <string>

#include "sim/autoscaler/options/options.h"
#include "src/core/time.h"

namespace casim::sim {

// Upstream's ScaleDownCandidatesDelayProcessor.
class GroupDelays {
 public:
  explicit GroupDelays(const AutoscalerOptions& options) : options_(options) {}

  // The group has grown, has lost a node, has failed to lose one.
  void note_scale_up(const std::string& group, TimePoint now) { scale_ups_[group] = now; }

  void note_removal(const std::string& group, TimePoint now) { removals_[group] = now; }

  void note_failed_removal(const std::string& group, TimePoint now) { failures_[group] = now; }

  // A time is noted for the group whose delay is not over at `now`.
  bool is_delayed(const std::string& group, TimePoint now) const {
    return is_recent(scale_ups_, group, options_.scale_down_delay_after_add, now) ||
           is_recent(removals_, group, options_.scale_down_delay_after_delete, now) ||
           is_recent(failures_, group, options_.scale_down_delay_after_failure, now);
  }

 private:
  using Times = std::map<std::string, TimePoint>;

  static bool is_recent(const Times& times, const std::string& group, Duration delay,
                        TimePoint now) {
    const auto entry = times.find(group);
    return entry != times.end() && entry->second + delay > now;
  }

  const AutoscalerOptions& options_;
  Times scale_ups_;
  Times removals_;
  Times failures_;
};

}  // namespace casim::sim

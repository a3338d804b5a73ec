// From what the metrics ask for to what is written: stabilisation over recent proposals, limits per
// sync or policies per period, min and max. Keeps the proposals and changes of one HPA.
// Source: algorithm 6.1 [k8s:pkg/controller/podautoscaler/horizontal.go, normalizeDesiredReplicas,
// normalizeDesiredReplicasWithBehaviors].
#pragma once

#include <cstdint>
#include <vector>

#include "sim/workloads/hpa/hpa_spec.h"

namespace casim::sim {

// What held a proposal back; parts of the conditions that the status tells.
struct HpaLimits {
  bool is_stabilized = false;
  enum class Limit : std::uint8_t { kNone, kRate, kMin, kMax } limit = Limit::kNone;

  bool operator==(const HpaLimits&) const = default;
};

class ScalingRules {
 public:
  struct Size {
    std::int32_t current = 0;
    std::int32_t proposed = 0;  // by the metrics
  };

  explicit ScalingRules(const HpaFlags& flags) : flags_(flags) {}

  // Before anything else at a sync: the first one's size counts as a proposal, so that a new HPA
  // waits a whole window before it scales down.
  void note_first(std::int32_t current, TimePoint now);

  // What to write. Notes the proposal.
  std::int32_t apply(const HpaSpec& spec, Size size, TimePoint now, HpaLimits& limits);

  // A size was written.
  void note_change(const HpaSpec& spec, std::int32_t before, std::int32_t after, TimePoint now);

 private:
  struct Entry {
    std::int32_t replicas = 0;  // proposed, or by how many a change went up or down
    TimePoint at{};
    bool is_outdated = false;  // a change: its place is taken by the next one in its direction
  };

  std::int32_t stabilize(Size size, TimePoint now);
  std::int32_t stabilize(const HpaBehavior& behavior, Size size, TimePoint now);
  std::int32_t limit(const HpaSpec& spec, Size size, HpaLimits& limits) const;
  std::int32_t limit_by_rules(const HpaSpec& spec, Size size, TimePoint now,
                              HpaLimits& limits) const;
  std::int32_t limit_up(const HpaRules& rules, std::int32_t current, TimePoint now) const;
  std::int32_t limit_down(const HpaRules& rules, std::int32_t current, TimePoint now) const;
  std::int32_t size_before(std::int32_t current, std::int32_t period_s, TimePoint now) const;
  void propose(std::int32_t replicas, TimePoint now, Duration longest);

  HpaFlags flags_;
  bool has_begun_ = false;
  std::vector<Entry> proposals_;  // oldest first, as long as they count
  // Upstream forgets one outdated change at a time, and only when there is another in the same
  // direction: a policy of the other direction with a longer period still counts the rest.
  std::vector<Entry> ups_;
  std::vector<Entry> downs_;
};

}  // namespace casim::sim

#include "sim/workloads/hpa/scaling_rules.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace casim::sim {
namespace {

using std::chrono::seconds;

// Without `behavior`, per sync: scaleUpLimitFactor and scaleUpLimitMinimum of horizontal.go.
std::int32_t highest_without_rules(std::int32_t current) {
  return static_cast<std::int32_t>(std::max(2.0 * current, 4.0));
}

Duration longest_period(const HpaRules& rules) {
  Duration longest{};
  for (const HpaPolicy& policy : rules.policies) {
    longest = std::max<Duration>(longest, seconds(policy.period_s));
  }
  return longest;
}

}  // namespace

void ScalingRules::note_first(std::int32_t current, TimePoint now) {
  if (std::exchange(has_begun_, true)) return;
  proposals_.push_back({current, now});
}

std::int32_t ScalingRules::apply(const HpaSpec& spec, Size size, TimePoint now, HpaLimits& limits) {
  limits = {};
  const std::int32_t proposed = size.proposed;
  size.proposed = spec.behavior ? stabilize(*spec.behavior, size, now) : stabilize(size, now);
  limits.is_stabilized = size.proposed != proposed;
  return spec.behavior ? limit_by_rules(spec, size, now, limits) : limit(spec, size, limits);
}

// The highest proposal of the window, its edge included.
std::int32_t ScalingRules::stabilize(Size size, TimePoint now) {
  std::int32_t highest = size.proposed;
  for (const Entry& entry : proposals_) {
    if (now - entry.at <= flags_.downscale_stabilization) {
      highest = std::max(highest, entry.replicas);
    }
  }
  propose(size.proposed, now, flags_.downscale_stabilization);
  return highest;
}

// The current size, as far as it lies between the lowest proposal of the window up and the highest
// of the window down, their edges excluded.
std::int32_t ScalingRules::stabilize(const HpaBehavior& behavior, Size size, TimePoint now) {
  const Duration up = seconds(behavior.up.window_s.value_or(0));
  const Duration down = behavior.down.window_s
                            ? Duration(seconds(*behavior.down.window_s))
                            : Duration(std::chrono::floor<seconds>(flags_.downscale_stabilization));
  std::int32_t lowest = size.proposed;
  std::int32_t highest = size.proposed;
  for (const Entry& entry : proposals_) {
    if (now - entry.at < up) lowest = std::min(lowest, entry.replicas);
    if (now - entry.at < down) highest = std::max(highest, entry.replicas);
  }
  propose(size.proposed, now, std::max(up, down));
  return std::min(std::max(size.current, lowest), highest);
}

void ScalingRules::propose(std::int32_t replicas, TimePoint now, Duration longest) {
  std::erase_if(proposals_, [&](const Entry& entry) { return now - entry.at > longest; });
  proposals_.push_back({replicas, now});
}

std::int32_t ScalingRules::limit(const HpaSpec& spec, Size size, HpaLimits& limits) const {
  const std::int32_t highest = std::min(spec.max, highest_without_rules(size.current));
  if (size.proposed < spec.min) {
    limits.limit = HpaLimits::Limit::kMin;
    return spec.min;
  }
  if (size.proposed > highest) {
    limits.limit = highest < spec.max ? HpaLimits::Limit::kRate : HpaLimits::Limit::kMax;
    return highest;
  }
  return size.proposed;
}

std::int32_t ScalingRules::limit_by_rules(const HpaSpec& spec, Size size, TimePoint now,
                                          HpaLimits& limits) const {
  if (size.proposed > size.current) {
    const std::int32_t by_rate =
        std::max(limit_up(spec.behavior->up, size.current, now), size.current);
    const std::int32_t highest = std::min(spec.max, by_rate);
    if (size.proposed <= highest) return size.proposed;
    limits.limit = by_rate < spec.max ? HpaLimits::Limit::kRate : HpaLimits::Limit::kMax;
    return highest;
  }
  if (size.proposed < size.current) {
    const std::int32_t by_rate =
        std::min(limit_down(spec.behavior->down, size.current, now), size.current);
    const std::int32_t lowest = std::max(spec.min, by_rate);
    if (size.proposed >= lowest) return size.proposed;
    limits.limit = by_rate > spec.min ? HpaLimits::Limit::kRate : HpaLimits::Limit::kMin;
    return lowest;
  }
  return size.proposed;
}

std::int32_t ScalingRules::limit_up(const HpaRules& rules, std::int32_t current,
                                    TimePoint now) const {
  if (rules.select == HpaSelect::kDisabled) return current;
  const bool takes_least = rules.select == HpaSelect::kMin;
  std::int32_t limit = takes_least ? INT32_MAX : INT32_MIN;
  for (const HpaPolicy& policy : rules.policies) {
    const std::int32_t start = size_before(current, policy.period_s, now);
    const std::int32_t allowed =
        policy.is_percent
            ? static_cast<std::int32_t>(std::ceil(static_cast<double>(start) *
                                                  (1 + static_cast<double>(policy.value) / 100)))
            : start + policy.value;
    limit = takes_least ? std::min(limit, allowed) : std::max(limit, allowed);
  }
  return limit;
}

std::int32_t ScalingRules::limit_down(const HpaRules& rules, std::int32_t current,
                                      TimePoint now) const {
  if (rules.select == HpaSelect::kDisabled) return current;
  const bool takes_least = rules.select == HpaSelect::kMin;
  std::int32_t limit = takes_least ? INT32_MIN : INT32_MAX;
  for (const HpaPolicy& policy : rules.policies) {
    const std::int32_t start = size_before(current, policy.period_s, now);
    const std::int32_t allowed =
        policy.is_percent ? static_cast<std::int32_t>(static_cast<double>(start) *
                                                      (1 - static_cast<double>(policy.value) / 100))
                          : start - policy.value;
    limit = takes_least ? std::max(limit, allowed) : std::min(limit, allowed);
  }
  return limit;
}

// At the start of the period that ends now: changes strictly younger than it are undone.
std::int32_t ScalingRules::size_before(std::int32_t current, std::int32_t period_s,
                                       TimePoint now) const {
  const auto sum = [&](const std::vector<Entry>& changes) {
    std::int32_t total = 0;
    for (const Entry& change : changes) {
      if (now - change.at < seconds(period_s)) total += change.replicas;
    }
    return total;
  };
  return current - sum(ups_) + sum(downs_);
}

void ScalingRules::note_change(const HpaSpec& spec, std::int32_t before, std::int32_t after,
                               TimePoint now) {
  if (!spec.behavior) return;
  const bool is_up = after > before;
  std::vector<Entry>& changes = is_up ? ups_ : downs_;
  const Duration longest = longest_period(is_up ? spec.behavior->up : spec.behavior->down);
  Entry* outdated = nullptr;
  for (Entry& entry : changes) {
    entry.is_outdated = entry.is_outdated || now - entry.at > longest;
    if (entry.is_outdated) outdated = &entry;
  }
  const Entry change{is_up ? after - before : before - after, now};
  if (outdated != nullptr) {
    *outdated = change;
  } else {
    changes.push_back(change);
  }
}

}  // namespace casim::sim

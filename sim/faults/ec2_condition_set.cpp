#include "sim/faults/ec2_condition_set.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

void Ec2ConditionSet::add(TimePoint from, TimePoint to,
                          std::unique_ptr<const Ec2Conditions> conditions) {
  if (!is_closed_) windows_.push_back({from, to, std::move(conditions)});
}

void Ec2ConditionSet::close() {
  is_closed_ = true;
  windows_.clear();
}

CallConditions Ec2ConditionSet::on_call(const Ec2Arrival& arrival) const {
  CallConditions all;
  for (const Window& window : windows_) {
    if (!window.holds(arrival.at)) continue;
    CallConditions one = window.conditions->on_call(arrival);
    all.throttled |= one.throttled;
    if (!all.refusal) all.refusal = std::move(one.refusal);
    all.latency_factor *= one.latency_factor;
    all.delay += one.delay;
    if (one.reply_lost && !all.reply_lost) all.cut = one.cut;
    all.reply_lost |= one.reply_lost;
  }
  return all;
}

bool Ec2ConditionSet::has_capacity(const CapacityQuestion& question) const {
  return std::ranges::all_of(windows_, [&question](const Window& window) {
    return !window.holds(question.at) || window.conditions->has_capacity(question);
  });
}

TimePoint Ec2ConditionSet::runs_from(const LaunchQuestion& question) const {
  TimePoint last = question.at;
  for (const Window& window : windows_) {
    if (window.holds(question.at)) last = std::max(last, window.conditions->runs_from(question));
  }
  return last;
}

std::string_view Ec2ConditionSet::launch_failure(const LaunchQuestion& question) const {
  for (const Window& window : windows_) {
    if (!window.holds(question.at)) continue;
    const std::string_view reason = window.conditions->launch_failure(question);
    if (!reason.empty()) return reason;
  }
  return {};
}

}  // namespace casim::sim

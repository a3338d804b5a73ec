#include "sim/faults/boot_condition_set.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

void BootConditionSet::add(TimePoint from, TimePoint to,
                           std::unique_ptr<const BootConditions> conditions) {
  windows_.push_back({from, to, std::move(conditions)});
}

BootCourse BootConditionSet::on_boot(const ec2::Instance& instance, TimePoint at) const {
  BootCourse all;
  for (const Window& window : windows_) {
    if (!window.holds(at)) continue;
    const BootCourse one = window.conditions->on_boot(instance, at);
    all.factor *= one.factor;
    all.delay += one.delay;
    all.never_joins |= one.never_joins;
  }
  return all;
}

TimePoint BootConditionSet::registers_from(const ec2::Instance& instance, TimePoint at) const {
  TimePoint last = at;
  for (const Window& window : windows_) {
    if (window.holds(at)) last = std::max(last, window.conditions->registers_from(instance, at));
  }
  return last;
}

}  // namespace casim::sim

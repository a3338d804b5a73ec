#include "oracle/loops/told.h"

#include <fmt/format.h>

#include <algorithm>

namespace casim::oracle {
namespace {

sim::RpcInstance rpc_instance(const Instance& instance) {
  sim::RpcInstance result;
  result.id = instance.id();
  switch (instance.state) {
    case InstanceState::kCreating:
      result.state = sim::RpcInstanceState::kCreating;
      break;
    case InstanceState::kRunning:
      result.state = sim::RpcInstanceState::kRunning;
      break;
    case InstanceState::kDeleting:
      result.state = sim::RpcInstanceState::kDeleting;
      break;
    case InstanceState::kFailed:
      result.state = sim::RpcInstanceState::kCreating;
      result.error =
          sim::RpcInstanceError{instance.error_code, instance.error_code, instance.error_class};
      break;
  }
  return result;
}

// At the end of the last instant up to `then`, or at the start.
const PastGroup& past_at(const LittleWorld::Group& group, TimePoint then) {
  const auto after = std::ranges::upper_bound(group.past, then, {}, &PastGroup::at);
  return after == group.past.begin() ? *after : *std::prev(after);
}

template <class T>
const T* as(const WrongGiven* wrong) {
  return wrong == nullptr ? nullptr : std::get_if<T>(wrong);
}

}  // namespace

int told_target(const LittleWorld::Group& group, const WrongGiven* wrong, TimePoint now) {
  if (const auto* stale = as<StaleGiven>(wrong)) return past_at(group, now - stale->age).target;
  if (const auto* off = as<WrongTargetGiven>(wrong)) return std::max(0, group.target + off->offset);
  return group.target;
}

std::vector<sim::RpcInstance> told_instances(const LittleWorld::Group& group,
                                             const WrongGiven* wrong, TimePoint now) {
  std::vector<Instance> list;
  for (const auto& instance : group.instances) list.push_back(*instance);
  if (const auto* stale = as<StaleGiven>(wrong)) list = past_at(group, now - stale->age).instances;
  if (const auto* missing = as<MissingGiven>(wrong)) {
    list.erase(list.begin(),
               list.begin() + std::min(missing->count, static_cast<int>(list.size())));
  }
  std::vector<sim::RpcInstance> told;
  for (const Instance& instance : list) {
    if (group.given->hide_creating && instance.state == InstanceState::kCreating) continue;
    told.push_back(rpc_instance(instance));
  }
  const auto* unknown = as<UnknownGiven>(wrong);
  for (int i = 0; unknown != nullptr && i < unknown->count; ++i) {
    Instance made_up;
    made_up.name = fmt::format("{}-unknown-{}", group.given->id, i);
    made_up.state = InstanceState::kRunning;
    told.push_back(rpc_instance(made_up));
  }
  return told;
}

}  // namespace casim::oracle

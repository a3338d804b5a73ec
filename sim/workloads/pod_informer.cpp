#include "sim/workloads/pod_informer.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

PodInformer::~PodInformer() { api_.remove_watcher(*this); }

void PodInformer::add(WorkloadController& controller) {
  assert(std::ranges::none_of(controllers_, [&](const WorkloadController* other) {
    return other->kind() == controller.kind();
  }));
  controllers_.push_back(&controller);
}

void PodInformer::add(Watcher& other) { others_.push_back(&other); }

void PodInformer::start(WatchOptions options) {
  api_.add_watcher(*this, options);
  for (WorkloadController* controller : controllers_) controller->on_listed();
}

void PodInformer::on_watch(const WatchEvent& event) {
  for (Watcher* other : others_) other->on_watch(event);
  if (is_held_) {
    held_.push_back(event);
  } else {
    tell_controllers(event);
  }
}

void PodInformer::release() {
  is_held_ = false;
  for (const WatchEvent& event : std::exchange(held_, {})) tell_controllers(event);
}

void PodInformer::tell_controllers(const WatchEvent& event) const {
  for (Watcher* other : stopping_) other->on_watch(event);
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    if (auto* controller = controller_of(changed->pod)) controller->on_pod_changed(changed->pod);
  } else if (const auto* removed = std::get_if<PodRemoved>(&event)) {
    if (auto* controller = controller_of(removed->last)) controller->on_pod_removed(removed->last);
  }
}

WorkloadController* PodInformer::controller_of(const Pod& pod) const {
  for (WorkloadController* controller : controllers_) {
    if (controller->kind() == pod.spec->owner) return controller;
  }
  return nullptr;
}

}  // namespace casim::sim

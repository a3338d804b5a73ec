#include "sim/load/bare_pods.h"

#include <cassert>

namespace casim::sim {

void BarePods::create(const PodBlueprint& pods, bool stays) {
  const Live live{.workload = pods.workload, .index = pods.first_index, .stays = stays};
  observer_.on_status({live.workload, live.index, 0, 0}, {live.workload, live.index, 1, 0});
  client_.create_pod(pods.pod(0), [this, live](const Result<PodId>& created) {
    assert(created.has_value());
    live_.emplace(created->value(), live);
  });
}

void BarePods::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<PodChanged>(&event)) {
    on_changed(changed->pod);
  } else if (const auto* removed = std::get_if<PodRemoved>(&event)) {
    on_gone(removed->last.id);
  }
}

void BarePods::on_changed(const Pod& pod) {
  if (pod.spec->owner != OwnerKind::kNone) return;
  if (pod.succeeded || pod.failed) return on_gone(pod.id);
  const auto found = live_.find(pod.id.value());
  if (found == live_.end() || !pod.running || found->second.is_running) return;
  found->second.is_running = true;
  if (!found->second.stays) return;
  ++running_;
  serve(found->second);
}

void BarePods::on_gone(PodId pod) {
  const auto found = live_.find(pod.value());
  if (found == live_.end()) return;
  if (found->second.stays && found->second.is_running) --running_;
  serve(found->second);
  live_.erase(found);
}

void BarePods::serve(Live& pod) {
  if (pod.is_served) return;
  pod.is_served = true;
  observer_.on_status({pod.workload, pod.index, 1, 0}, {pod.workload, pod.index, 1, 1});
}

}  // namespace casim::sim

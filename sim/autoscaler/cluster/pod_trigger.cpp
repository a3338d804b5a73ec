#include "sim/autoscaler/cluster/pod_trigger.h"

namespace casim::sim {

void PodTrigger::on_watch(const WatchEvent& event) {
  const auto* changed = std::get_if<PodChanged>(&event);
  const bool is_newly_unschedulable = changed != nullptr && is_trigger(changed->pod);
  view_.on_watch(event);  // first: the loop that the signal starts must see the pod
  if (is_newly_unschedulable) signal_.raise();
}

// That a claim of the pod has its volume now is no write to the pod.
bool PodTrigger::is_trigger(const Pod& pod) const {
  if (!pod.unschedulable || pod.node.is_valid()) return false;
  if (clock_.wall_now() - pod.unschedulable_since >= std::chrono::seconds(10)) return false;
  if (pod.spec->volume_zone.empty()) return true;
  const PodPtr seen = view_.find_pod(pod.id);
  return seen == nullptr || seen->resource_version != pod.resource_version;
}

}  // namespace casim::sim

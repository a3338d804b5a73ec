#include "sim/autoscaler/cluster/pod_trigger.h"

namespace casim::sim {

void PodTrigger::on_watch(const WatchEvent& event) {
  view_.on_watch(event);  // first: the loop that the signal starts must see the pod
  const auto* changed = std::get_if<PodChanged>(&event);
  if (changed == nullptr) return;
  const Pod& pod = changed->pod;
  const bool waits = pod.unschedulable && !pod.node.is_valid();
  const Duration age = clock_.wall_now() - pod.unschedulable_since;
  if (waits && age < std::chrono::seconds(10)) signal_.raise();
}

}  // namespace casim::sim

#include "sim/autoscaler/simulator/node_info.h"

#include <cassert>
#include <utility>

namespace casim::sim {

void NodeInfo::count(const Pod& pod, int sign) {
  const PodSpec& spec = *pod.spec;
  if (sign > 0) {
    requested += spec.requests;
  } else {
    requested -= spec.requests;
  }
  if (!spec.host_ports.empty()) host_port_pods += sign;
  if (!spec.pod_anti_affinity.empty()) anti_affinity_pods += sign;
  if (pod.deletion_timestamp) terminating_pods += sign;
}

void NodeInfo::add(PodPtr pod) {
  count(*pod, 1);
  pods.push_back(std::move(pod));
}

void NodeInfo::exchange(std::vector<PodPtr> now, const std::vector<PodPtr>& gone,
                        const std::vector<PodPtr>& come) {
  for (const PodPtr& pod : gone) count(*pod, -1);
  for (const PodPtr& pod : come) count(*pod, 1);
  pods = std::move(now);
}

void NodeInfo::remove_last() {
  assert(!pods.empty());
  count(*pods.back(), -1);
  pods.pop_back();
}

}  // namespace casim::sim

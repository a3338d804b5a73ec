// Where a pod's volumes let it run, as fit.h has the rest of what it asks of a node.
#pragma once

#include "sim/cluster/objects.h"

namespace casim::sim {

// The node is in the zone of the pod's bound volumes.
inline bool reaches_volumes(const PodSpec& pod, const Labels& node) {
  if (pod.volume_zone.empty()) return true;
  const auto zone = node.find("topology.kubernetes.io/zone");
  return zone != node.end() && zone->second == pod.volume_zone;
}

}  // namespace casim::sim

// Where a pod's volumes let it run, as fit.h has the rest of what it asks of a node.
#pragma once

#include <string_view>

#include "sim/cluster/objects.h"

namespace casim::sim {

// Empty: the node is in none.
inline std::string_view zone_of_node(const Labels& node) {
  const auto zone = node.find("topology.kubernetes.io/zone");
  return zone == node.end() ? std::string_view() : zone->second;
}

// The node is in the zone of the pod's bound volumes.
inline bool reaches_volumes(const PodSpec& pod, const Labels& node) {
  return pod.volume_zone.empty() || zone_of_node(node) == pod.volume_zone;
}

}  // namespace casim::sim

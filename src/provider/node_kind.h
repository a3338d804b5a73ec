// Nodes that the autoscaler asks about without there being such a node. Sources: externalgrpc.md
// 2.6 (fake) and 3.3 (upcoming).
#pragma once

#include "src/provider/types.h"

namespace casim::provider {

// Marks a node that was made up for an instance, and one that is still to come.
inline constexpr const char* kFakeNodeAnnotation = "k8s.io/cluster-autoscaler/fake-node-reason";
inline constexpr const char* kUpcomingNodeAnnotation = "cluster-autoscaler.k8s.io/upcoming-node";

// A node that a kubelet registered: not invented for an instance (those are named by the provider
// id, and marked), nor for a node to come (marked).
inline bool is_registered_node(const NodeRef& node) {
  if (node.provider_id.empty() || node.name == node.provider_id) return false;
  return !node.annotations.contains(kFakeNodeAnnotation) &&
         !node.annotations.contains(kUpcomingNodeAnnotation);
}

}  // namespace casim::provider

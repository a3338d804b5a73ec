// A node with the pods that the simulation has put on it: the element of the snapshot and the form
// of a group's template.
#pragma once

#include <memory>
#include <vector>

#include "sim/autoscaler/cluster/cluster_view.h"
#include "sim/cluster/objects.h"

namespace casim::sim {

// Marks the placeholder of a node that is ordered and not there yet.
inline constexpr std::string_view kUpcomingAnnotation = "cluster-autoscaler.k8s.io/upcoming-node";
inline constexpr std::string_view kHostnameLabel = "kubernetes.io/hostname";

// Upstream's framework.NodeInfo. `requested` and the counts follow `pods`, which changes through
// the functions alone.
struct NodeInfo {
  NodePtr node;
  std::vector<PodPtr> pods;
  Resources requested;         // sum over `pods`; its `pods` is their number
  int host_port_pods = 0;      // how many of them use host ports,
  int anti_affinity_pods = 0;  // how many have required anti-affinity,
  int terminating_pods = 0;    // and how many are being deleted

  void add(PodPtr pod);
  // Takes back the last add(). Requires: there is a pod.
  void remove_last();
  // `now`: what is left of the pods without those that have gone, and those that have come. A pod
  // that stays is not looked at, as there are many and they lie far apart. Requires: none of those
  // two asks for extended resources, which would leave an amount of zero behind.
  void exchange(std::vector<PodPtr> now, const std::vector<PodPtr>& gone,
                const std::vector<PodPtr>& come);

 private:
  void count(const Pod& pod, int sign);
};

using NodeInfoPtr = std::shared_ptr<const NodeInfo>;

}  // namespace casim::sim

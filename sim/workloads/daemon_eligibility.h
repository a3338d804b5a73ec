// Which nodes a DaemonSet has a pod on.
// Source: [k8s:pkg/controller/daemon/daemon_controller.go] NodeShouldRunDaemonPod,
// [util/daemonset_util.go] AddOrUpdateDaemonPodTolerations; algorithm 6.2.
#pragma once

#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

// With those that every pod of a DaemonSet gets.
std::vector<Toleration> daemon_tolerations(std::vector<Toleration> own);

struct DaemonEligibility {
  bool should_run = false;  // a pod is made there
  bool may_stay = false;    // one that is there is left alone

  bool operator==(const DaemonEligibility&) const = default;
};

// `pod` with its own tolerations and those of daemon_tolerations.
DaemonEligibility daemon_eligibility(const PodSpec& pod, const Node& node);

}  // namespace casim::sim

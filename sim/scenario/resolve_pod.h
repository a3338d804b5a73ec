// Pods as the models have them, of pods as they are written: what the API server's defaults and
// admission make of a manifest (requests from limits, priority from its class, selectors from label
// keys, default tolerations), and what Kubernetes computes of several containers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

// A selector that is not there selects nothing, one that is empty everything.
LabelSelector selector_of(const std::optional<LabelSelectorTemplate>& given);

// What a pod asks a node for: the containers and sidecars together, or the greatest that the init
// containers need on their way, and the overhead [k8s:component-helpers/resource PodRequests].
Resources requests_of(const PodTemplate& pod);

// The same with 100m cpu and 200Mi memory for each container that asks for none: by it nodes are
// scored [k8s:pkg/scheduler/util/pod_resources.go].
Resources scored_requests_of(const PodTemplate& pod);

// Of a class that the cluster has; none: there is no such class.
std::optional<PriorityClassConfig> find_priority_class(const std::string& name,
                                                       const Scenario& scenario);
std::vector<std::string> priority_class_names(const Scenario& scenario);

// Requires: a pod that validate() finds nothing wrong with.
PodSpec resolve_pod(const std::string& workload, const PodTemplate& pod, const Scenario& scenario);

}  // namespace casim::sim

// What a pod's spec asks of a node's object, and of the pods that it shares a node with: the same
// for kube-scheduler, for the autoscaler's simulations of it and for a scenario's checks. Source:
// autoscaler-algorithm.md 5.3.
#pragma once

#include "sim/cluster/objects.h"

namespace casim::sim {

// Node selector and required node affinity. A term without requirements selects nothing
// (NodeSelectorTerm).
bool selects(const PodSpec& pod, const Labels& node);

inline bool selects(const PodSpec& pod, const Node& node) { return selects(pod, node.labels); }

bool tolerates_cordon(const PodSpec& pod);

// Is the namespace the pod's own or named by the term? Those that a namespaceSelector chose stand
// in term.namespaces behind an empty name, which no namespace has.
bool is_named(const PodAffinityTerm& term, const std::string& own, const std::string& name);

// Two pods that cannot share a node for their host ports; 0.0.0.0 is every address.
bool share_port(const PodSpec& a, const PodSpec& b);

}  // namespace casim::sim

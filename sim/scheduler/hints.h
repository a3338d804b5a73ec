// Queueing hints: whether an event may help a pod that was refused for certain reasons. One yes of
// a plugin that refused is enough. Source: algorithm 5.1, "What wakes a waiting pod".
#pragma once

#include "sim/cluster/objects.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/reason.h"

namespace casim::sim {

// A node was added (old is null) or changed.
struct NodeEvent {
  NodePtr old;
  NodePtr node;
  bool allocatable = false;  // what changed
  bool labels = false;
  bool taints = false;  // or the cordon was taken off

  bool is_added() const { return !old; }

  bool can_help() const { return is_added() || allocatable || labels || taints; }
};

// The event between two versions of a node.
NodeEvent node_event(NodePtr old, NodePtr node);

// `target_node`: the one node that the pod may go to; empty: any.
bool helps(const NodeEvent& event, const PodClass& pod_class, Reasons rejected,
           const std::string& target_node);

// A node was deleted: only pods that spreading refused may go now.
bool helps_node_gone(const Node& gone, const PodClass& pod_class, Reasons rejected);

// An assigned pod is finally gone, or one that was only nominated to a node, which counts alike.
// Room counts even if it is still too little; a deletion mark alone frees nothing.
bool helps_pod_gone(const PodSpec& gone, const PodClass& pod_class, Reasons rejected);

// A pod is bound.
bool helps_pod_bound(const PodSpec& bound, const PodClass& pod_class, Reasons rejected);

}  // namespace casim::sim

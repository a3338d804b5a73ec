// The filters of the default profile, for one class of pods and one node. Split by what they read:
// the node object, which seldom changes, and the pods on it. Source: algorithm 5.3.
#pragma once

#include <cstdint>

#include "sim/cluster/fit.h"
#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/reason.h"

namespace casim::sim {

// What the node object says to a class.
struct ObjectVerdict {
  Reasons reasons = 0;           // of the first filter that refuses; 0: none does
  std::uint8_t soft_taints = 0;  // PreferNoSchedule taints that are not tolerated
  std::int16_t preferred = 0;    // sum of the weights of matching preferred affinity terms
};

// NodeUnschedulable, TaintToleration and NodeAffinity, in this order.
ObjectVerdict judge_object(const PodClass& pod_class, const Node& node);

// NodePorts and NodeResourcesFit: what the pods on the node leave. 0: the pod has room.
Reasons judge_ports_and_resources(const PodClass& pod_class, const SchedulerNodeInfo& at);

// Whether the class would fit an empty node of this size: the hint of NodeResourcesFit.
bool fits_empty(const PodSpec& spec, const Resources& allocatable);

// Node selector and required node affinity.
bool matches_affinity(const PodClass& pod_class, const Node& node);

}  // namespace casim::sim

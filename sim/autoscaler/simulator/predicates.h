// The scheduler's filters as all simulations use them: does a pod fit a node of the snapshot?
// Filters of the default profile, no scoring, no preemption. Source: autoscaler-algorithm.md 2.8
// and 5.3.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::sim {

// The scheduler's plugin whose Filter rejected the node: the first one, in the scheduler's order.
enum class FailedFilter {
  kNone,
  kNodeUnschedulable,
  kTaintToleration,
  kNodeAffinity,
  kNodePorts,
  kNodeResourcesFit,
  kVolumeBinding,
  kPodTopologySpreadNoLabel,  // the node has no such label
  kPodTopologySpread,         // the constraint itself
  kInterPodAffinity,
};

std::string_view name_of(FailedFilter failed);  // "NodeResourcesFit": the plugin; kNone: empty

// What the scheduler computes once for a pod, before it looks at single nodes (PreFilter): counts
// over the whole snapshot. Empty for pods without spread and affinity, if nobody else has any.
struct PreFilterState {
  using Count = std::map<std::string, int>;  // pods, by value of the topology key

  // One DoNotSchedule constraint of the pod.
  struct Spread {
    const TopologySpread* constraint = nullptr;  // of the pod's spec, which outlives it
    Count matching;             // domains of eligible nodes, with the pods that match
    int least = 0;              // of any domain; 0 while there are fewer domains than minDomains
    bool self_matches = false;  // the pod itself is one of those that are counted
  };

  // One required term of the pod's affinity or anti-affinity.
  struct Term {
    const PodAffinityTerm* term = nullptr;
    Count matching;
    bool self_matches = false;
    int total = 0;  // matching pods in all domains
  };

  std::vector<Spread> spread;
  std::vector<Term> affinity;
  std::vector<Term> anti_affinity;
  // Where other pods' anti-affinity forbids this one: key and value.
  std::map<std::pair<std::string, std::string>, int> forbidden;
};

// Counts hold until the snapshot changes.
PreFilterState run_pre_filter(const Snapshot& snapshot, const PodSpec& pod);

// Does the pod fit the node? kNone: it does.
FailedFilter run_filters(const PreFilterState& pre_filter, const PodSpec& pod,
                         const NodeInfo& node);
// With a PreFilter of its own: for one node, not for a scan.
FailedFilter run_filters(const Snapshot& snapshot, const PodSpec& pod, const NodeInfo& node);

// Whether a DaemonSet's pod runs on the node: selector and taints, with the tolerations that the
// DaemonSet controller adds.
bool runs_daemon(const PodSpec& daemon, const Node& node);

// Whether nodes refuse both for the same reasons, as long as they look at no pods elsewhere and no
// pods elsewhere at them.
bool same_for_nodes(const PodSpec& a, const PodSpec& b);

// Equal for scheduling: labels and spec (2.7).
bool same_spec(const PodSpec& a, const PodSpec& b);

}  // namespace casim::sim

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

// The first filter that says no, in the scheduler's order.
enum class Misfit {
  kNone,
  kUnschedulable,
  kTaint,
  kNodeAffinity,
  kPorts,
  kResources,
  kSpreadNoKey,  // the node has no such label
  kSpread,       // the constraint itself
  kPodAffinity,
};

std::string_view name_of(Misfit misfit);

// What the scheduler computes once for a pod, before it looks at single nodes (PreFilter): counts
// over the whole snapshot. Empty for pods without spread and affinity, if nobody else has any.
struct PodTopology {
  using Count = std::map<std::string, int>;  // by value of the topology key

  struct Spread {
    const TopologySpread* constraint = nullptr;
    Count matching;  // domains of eligible nodes, with the pods that match
    int least = 0;
    bool self_matches = false;
  };

  struct Term {
    const PodAffinityTerm* term = nullptr;
    Count matching;
    bool self_matches = false;
    int total = 0;
  };

  std::vector<Spread> spread;
  std::vector<Term> affinity;
  std::vector<Term> anti_affinity;
  // Where other pods' anti-affinity forbids this one: key and value.
  std::map<std::pair<std::string, std::string>, int> forbidden;
};

PodTopology topology_of(const Snapshot& snapshot, const PodSpec& pod);

Misfit check(const Snapshot& snapshot, const PodTopology& topology, const PodSpec& pod,
             const NodeInfo& node);
// With a topology of its own: one check, not a scan.
Misfit check(const Snapshot& snapshot, const PodSpec& pod, const NodeInfo& node);

// Whether a DaemonSet's pod runs on the node: selector and taints, with the tolerations that the
// DaemonSet controller adds.
bool runs_daemon(const PodSpec& daemon, const Node& node);

// Equal for scheduling: labels and spec (2.7).
bool same_spec(const PodSpec& a, const PodSpec& b);

}  // namespace casim::sim

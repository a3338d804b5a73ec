// Preemption: which pods of lower priority would have to go, and on which node, so that a pod that
// found no place gets one. Decides only; what is done about it is the scheduler's.
// Source: algorithm 5.1, 5.2 [k8s: framework/preemption, plugins/defaultpreemption].
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/scheduler/candidates.h"
#include "sim/scheduler/node_table.h"
#include "src/core/random.h"

namespace casim::sim {

// The pods that would have to go from one node.
struct Victims {
  NodeId node;
  std::vector<PodOnNode> pods;  // most important first; also those that are terminating already
  int violations = 0;           // of disruption budgets
};

class Preemption {
 public:
  // Both outlive it. What upstream leaves to chance is drawn from `random`: where the search
  // begins, and which of several equally good nodes is taken.
  Preemption(NodeTable& nodes, Random random) : nodes_(nodes), random_(random) {}

  // A budget, or a newer version of one.
  void put(PodDisruptionBudget pdb);

  // The message when none of so many nodes has a pod of lower priority.
  static std::uint64_t nobody_is_lower(std::size_t nodes);

  // Requires: `among` has just refused the pod, named by `key`, on each of the `potential` nodes.
  // None: no node can be made to do; `message` is then a fingerprint of what is said about them.
  std::optional<Victims> find(const ClassCandidates& among, const PodClass& pod_class,
                              const std::vector<NodeId>& potential, std::uint64_t key,
                              std::uint64_t attempt, std::uint64_t& message) const;

 private:
  // Nothing but 0 for what was tried: no pod of lower priority; else the reasons that stay.
  std::optional<Victims> select(const ClassCandidates& among, const PodClass& pod_class,
                                NodeId node, Reasons& stays) const;
  // Those whose going breaks a budget come first, each part in the order given.
  std::size_t split_by_budget(std::vector<PodOnNode>& pods) const;
  std::size_t pick(const std::vector<Victims>& candidates, std::uint64_t key,
                   std::uint64_t attempt) const;

  NodeTable& nodes_;
  Random random_;
  std::map<Cluster::PdbKey, PodDisruptionBudget> pdbs_;
};

}  // namespace casim::sim

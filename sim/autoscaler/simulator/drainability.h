// May a node's pods be moved? The rules in order of evaluation; the first that decides wins.
// Source: autoscaler-algorithm.md 4.5.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/simulator/node_info.h"

namespace casim::sim {

// Disruptions that a planning step may still cause, by budget. Upstream's RemainingPdbTracker.
class PdbTracker {
 public:
  // As the budgets' status says at the start of a loop.
  void reset(std::vector<PodDisruptionBudget> budgets) { budgets_ = std::move(budgets); }

  // Some budget selects the pod.
  bool is_covered(const PodSpec& pod) const;
  // A budget without disruptions left matches the pod.
  bool is_exhausted(const PodSpec& pod) const;
  // All of them at the same time.
  bool can_remove_together(const std::vector<PodPtr>& pods) const;
  // Counts the disruption of each.
  void remove(const std::vector<PodPtr>& pods);

 private:
  std::vector<PodDisruptionBudget> budgets_;
};

// What the rules may look at. Upstream's drainability.DrainContext.
struct DrainContext {
  const AutoscalerOptions& options;
  WallTime now{};
  const PdbTracker* pdbs = nullptr;      // none: PDBs are not looked at
  const ClusterView* listers = nullptr;  // none: neither are controllers
};

// A node's pods, by what becomes of them when it is drained.
struct PodsToMove {
  std::vector<PodPtr> pods;           // evicted, and rescheduled elsewhere
  std::vector<PodPtr> daemon_pods;    // go with the node
  std::vector<PodPtr> on_completion;  // may end, but not be moved
  PodPtr blocking;                    // the first that blocks; what follows it was not looked at
  std::string_view reason;            // why it blocks: upstream's BlockingPodReason

  bool is_empty() const { return blocking == nullptr && pods.empty(); }
};

// Upstream's GetPodsToMove.
PodsToMove pods_to_move(const NodeInfo& info, const DrainContext& context);

// The same, cut short: what an order of candidates asks for.
enum class Emptiness { kEmpty, kEmptyOnCompletion, kOccupied };
// `hangs_on_time`: set if it may be another one at another time.
Emptiness emptiness(const NodeInfo& info, const DrainContext& context,
                    bool* hangs_on_time = nullptr);

}  // namespace casim::sim

// Places pods on nodes of the snapshot, one after the other. Since 1.37 priority by priority, first
// those whose place of an earlier loop still works, then the rest by scan; before it in their
// order, each where it was placed before, else by scan. Source: autoscaler-algorithm.md 2.4;
// hinting_simulator.go of 1.34 to 1.37.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/simulator/predicates.h"
#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::sim {

// Upstream's scheduling.HintingSimulator. One per user of it: hints are its memory.
class HintingSimulator {
 public:
  // `version`: minor release.
  explicit HintingSimulator(int version = kNewestVersion)
      : goes_by_priority_(has(Behaviour::kHintsByPriority, version)) {}

  using Acceptable = std::function<bool(Slot, const NodeInfo&)>;  // may the node take pods?

  // A pod that found a place.
  struct Placement {
    std::size_t pod;  // index in the list that was given
    Slot slot;
  };

  // Does not fork: what is placed stays. With `break_on_failure` the first pod that fits nowhere
  // ends its priority group, as upstream does; before 1.37 all.
  std::vector<Placement> place(Snapshot& snapshot, const std::vector<PodPtr>& pods,
                               const Acceptable& acceptable, bool break_on_failure);

  // Where the pod was placed before; the next placing tries it first.
  void remember(PodId pod, NodePtr node) { hints_[pod] = Hint{std::move(node), round_}; }

  // Ends a round. A hint lives through the round after the one that gave it.
  void end_round();

 private:
  // By node object and not by name alone: pods that stood together are looked up together.
  struct Hint {
    NodePtr node;
    std::uint64_t round = 0;
  };

  // Controllers whose pods were found to fit nowhere in this call: at most ten specs each.
  // Upstream's SimilarPodsScheduling.
  class SimilarPods {
   public:
    bool is_unschedulable(const PodSpec& spec) const;
    void set_unschedulable(const PodSpec& spec);

   private:
    boost::unordered_flat_map<std::string, std::vector<const PodSpec*>> by_owner_;
  };

  // What one call places.
  struct Call {
    Snapshot& snapshot;
    const std::vector<PodPtr>& pods;
    const Acceptable& acceptable;
    SimilarPods similar;
    // Specs that fit nowhere and look at no other pods: what is placed only takes more room.
    boost::unordered_flat_set<const PodSpec*> unschedulable;
    std::vector<const PodSpec*> misfits;  // a few of these, which nodes alone refuse
    std::vector<Placement> placed;
    NodePtr hinted;  // the last hint looked up, and where it is now
    std::optional<Slot> hinted_slot;
  };

  void place_in_turn(Call& call, bool break_on_failure);
  void place_group(Call& call, const std::vector<std::size_t>& group, bool break_on_failure);
  bool place_by_hint(Call& call, std::size_t index);
  bool place_by_scan(Call& call, std::size_t index);
  std::optional<Slot> scan(Call& call, const PodSpec& spec);

  bool goes_by_priority_;
  std::uint64_t round_ = 1;
  std::size_t kept_ = 0;  // hints that the last sweep left
  boost::unordered_flat_map<PodId, Hint, std::hash<PodId>> hints_;  // lookups only
};

}  // namespace casim::sim

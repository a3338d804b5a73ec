// Places pods on nodes of the snapshot, one after the other: first those whose place of an earlier
// loop still works, then the rest by scan. Source: autoscaler-algorithm.md 2.4, 1.37.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/autoscaler/options.h"
#include "sim/autoscaler/predicates.h"
#include "sim/autoscaler/snapshot.h"

namespace casim::sim {

class HintingSimulator {
 public:
  explicit HintingSimulator(int version = kNewestVersion) : goes_by_priority_(version >= 37) {}

  using Acceptable = std::function<bool(Slot, const NodeInfo&)>;

  struct Placement {
    PodPtr pod;
    Slot slot;
  };

  // Does not fork: what is placed stays. With `break_on_failure` the first pod that fits nowhere
  // ends its priority group, as upstream does.
  std::vector<Placement> place(Snapshot& snapshot, const std::vector<PodPtr>& pods,
                               const Acceptable& acceptable, bool break_on_failure);

  // Where the pod was placed before; the next placing tries it first.
  void remember(PodId pod, std::string node) { current_.insert_or_assign(pod, std::move(node)); }

  void drop_old_hints();

 private:
  using Hints = boost::unordered_flat_map<PodId, std::string, std::hash<PodId>>;

  // Controllers whose pods were found to fit nowhere in this call: at most ten kinds each.
  class Failures {
   public:
    bool knows(const PodSpec& spec) const;
    void note(const PodSpec& spec);

   private:
    boost::unordered_flat_map<std::string, std::vector<const PodSpec*>> by_owner_;
  };

  bool place_by_hint(Snapshot& snapshot, const PodPtr& pod, const Acceptable& acceptable,
                     std::vector<Placement>& placed);
  bool place_by_scan(Snapshot& snapshot, const PodPtr& pod, const Acceptable& acceptable,
                     Failures& failures, std::vector<Placement>& placed);

  bool goes_by_priority_;
  Hints current_;
  Hints old_;
};

}  // namespace casim::sim

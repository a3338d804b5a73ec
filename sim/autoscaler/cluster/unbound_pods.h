// Pods without a node, by namespace and name. A change is only noted; reading brings the list up to
// date in one pass, which for a burst of pods costs a fraction of keeping a tree in order.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <vector>

#include "sim/cluster/objects.h"

namespace casim::sim {

// One version of a pod, shared by the view and by whoever looked at it in a loop.
using PodPtr = std::shared_ptr<const Pod>;

// Less: namespace, then name.
bool by_name(const PodPtr& a, const PodPtr& b);

// Part of ClusterView.
class UnboundPods {
 public:
  // A pod, or a newer version of one.
  void put(PodPtr pod);
  void erase(PodId id);

  // Valid until the next change.
  const std::vector<PodPtr>& list() const;

 private:
  void note(PodId id, PodPtr version);

  using Changes = boost::unordered_flat_map<PodId, PodPtr, std::hash<PodId>>;

  // The list as of the last reading, and what has happened since.
  mutable std::vector<PodPtr> list_;
  mutable Changes changes_;             // null: gone; lookups only
  mutable std::vector<PodId> changed_;  // in order of the first change
};

}  // namespace casim::sim

// Nodes that nobody needs, since when, and which of them may go now. Source:
// autoscaler-algorithm.md 4.6 and 4.7.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/clusterstate/cluster_state.h"
#include "sim/autoscaler/order/order_policy.h"
#include "sim/autoscaler/scaledown/candidates.h"
#include "sim/autoscaler/scaledown/deletion_tracker.h"
#include "sim/autoscaler/scaleup/quotas.h"
#include "sim/autoscaler/simulator/removal.h"

namespace casim::sim {

// Upstream's unneeded.Nodes.
class UnneededNodes {
 public:
  // Told apart by removable_at(): those that may go, and why the others may not.
  struct Removable {
    std::vector<NodeToBeRemoved> empty;
    std::vector<NodeToBeRemoved> drain;
    std::vector<UnremovableNode> unremovable;
  };

  // All outlive it.
  UnneededNodes(const AutoscalerOptions& options, CloudProvider& provider,
                const OrderPolicy& order);

  // Known ones keep their time; the threshold is read again for each.
  Awaitable<void> update(LoopId by, std::vector<NodeToBeRemoved> removable, TimePoint now);

  void clear() { by_name_.clear(); }

  std::size_t size() const { return by_name_.size(); }

  bool contains(const std::string& node) const { return by_name_.contains(node); }

  std::vector<NodePtr> nodes() const;  // by name

  // At `now` long enough unneeded, above their group's minimum and the quotas' lower limits.
  // `quotas`: takes what goes. `deletions`: count as gone.
  Awaitable<Removable> removable_at(LoopId by, TimePoint now, QuotaTracker& quotas,
                                    const DeletionTracker& deletions);

 private:
  struct Entry {
    NodeToBeRemoved node;
    TimePoint since{};
    Duration threshold{};
    bool threshold_unknown = false;
  };

  Awaitable<void> look_up_threshold(LoopId by, Entry& entry);
  // Empty: it may go. Takes its share of group size and quota then.
  Awaitable<std::string_view> reason_to_stay(LoopId by, const Entry& entry, TimePoint now,
                                             GroupSizes& sizes, QuotaTracker& quotas,
                                             const DeletionTracker& deletions);

  const AutoscalerOptions& options_;
  CloudProvider& provider_;
  const OrderPolicy& order_;
  std::map<std::string, Entry> by_name_;
};

}  // namespace casim::sim

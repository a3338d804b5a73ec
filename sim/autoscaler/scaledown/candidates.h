// Which nodes scale-down looks at, and in which order. Source: autoscaler-algorithm.md 4.1.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/clusterstate/group_delays.h"
#include "sim/autoscaler/simulator/drainability.h"
#include "sim/autoscaler/simulator/snapshot.h"
#include "sim/cluster/node_numbers.h"

namespace casim::sim {

using GroupSizes = std::map<std::string, int>;  // targets, by group id

// Targets of all groups; a group whose target cannot be read is missing.
Awaitable<GroupSizes> group_sizes(LoopId by, CloudProvider& provider);

// Nodes of groups above their minimum.
// Nodes and provider outlive the call.
Awaitable<std::vector<NodePtr>> scale_down_candidates(LoopId by, CloudProvider& provider,
                                                      const std::vector<NodePtr>& nodes);

// Puts candidates in order. Keeps which nodes are empty as long as neither they nor time can have
// changed it.
class CandidateOrder {
 public:
  // `options` outlives it. `checks`: compares what is kept with what is computed anew.
  explicit CandidateOrder(const AutoscalerOptions& options, bool checks = false)
      : options_(options), checks_(checks) {}

  // Empty nodes first, then those that were unneeded in the last loop; equals in upstream's order.
  std::vector<NodePtr> sorted(std::vector<NodePtr> nodes, const Snapshot& snapshot, WallTime now,
                              NodeMarks& previous);

 private:
  struct Kept {
    std::uint64_t of = 0;  // version of the NodeInfo of which it is known; 0: of none
    Emptiness emptiness = Emptiness::kEmpty;
  };

  std::uint8_t rank_of(const Node& node, const Snapshot& snapshot, WallTime now,
                       NodeMarks& previous);
  Emptiness emptiness_of(const Snapshot& snapshot, Slot slot, WallTime now);

  const AutoscalerOptions& options_;
  const bool checks_;
  std::vector<Kept> by_id_;
};

// Without the nodes of groups that --scale-down-delay-type-local delays, and of those whose group
// cannot be read.
Awaitable<std::vector<NodePtr>> without_delayed(LoopId by, CloudProvider& provider,
                                                const GroupDelays& delays,
                                                std::vector<NodePtr> nodes, TimePoint now);

}  // namespace casim::sim

// Until when a node had too little room for a pod that later came to it: the pod waited for others
// to end there, not for the node.
#pragma once

#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/pod_shapes.h"
#include "sim/metrics/world_model.h"

namespace casim::sim {

class RoomWaits {
 public:
  explicit RoomWaits(const WorldModel& world) : world_(world) {}

  // All have heard of the fact already; `pods` is told of what a pod waited for when it is bound.
  void on_fact(TimePoint at, const Fact& fact, PodLedger& pods, const NodeLedger& nodes,
               const PodShapes& shapes);

 private:
  // A pod left the node.
  struct Release {
    TimePoint at{};
    Resources before;  // requested on the node until then
  };

  struct Use {
    Resources now;
    // By time. One that a later one exceeds in everything says nothing: not kept.
    std::vector<Release> releases;
  };

  void bind(PodId pod, NodeId node, PodLedger& pods, const NodeLedger& nodes,
            const PodShapes& shapes);
  void release(TimePoint at, NodeId node, const Resources& requests);

  const WorldModel& world_;
  std::vector<Use> uses_;  // by NodeId
};

}  // namespace casim::sim

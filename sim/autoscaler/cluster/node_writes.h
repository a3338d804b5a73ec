// Taints and cordons of nodes, with upstream's way of retrying a refused write: wait 750 ms, read
// the node, try again, for at most 5 s. Source: autoscaler-algorithm.md 4.9.
#pragma once

#include <string>
#include <string_view>

#include "sim/autoscaler/cluster/cluster_writer.h"
#include "src/core/clock.h"

namespace casim::sim {

// Upstream's utils/taints.
class NodeWrites {
 public:
  // `cordon`: with the ToBeDeleted taint, as --cordon-node-before-terminating says.
  NodeWrites(ClusterWriter& writer, Clock& clock, bool cordon)
      : writer_(writer), clock_(clock), cordon_(cordon) {}

  // Adds or removes the taint. `node`: the version that the caller knows. Nothing is written if the
  // newest has the taint, or lacks it. The error is that of the last try.
  Awaitable<Result<void>> mark_to_be_deleted(NodePtr node);
  Awaitable<Result<void>> clean_to_be_deleted(NodePtr node);
  Awaitable<Result<void>> mark_deletion_candidate(NodePtr node);
  Awaitable<Result<void>> clean_deletion_candidate(NodePtr node);

 private:
  struct Change {
    std::string key;
    bool add = true;
    TaintEffect effect = TaintEffect::kNoSchedule;
    bool cordon = false;  // or uncordon
  };

  Awaitable<Result<void>> apply(NodePtr node, Change change);
  NodeUpdate update_for(const Node& node, const Change& change) const;

  ClusterWriter& writer_;
  Clock& clock_;
  bool cordon_;
};

}  // namespace casim::sim

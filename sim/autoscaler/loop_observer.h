// What the autoscaler tells about its decisions. The world turns it into facts, tests into
// expectations. No call may change the autoscaler or wait.
#pragma once

#include <string_view>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/id.h"

namespace casim::sim {

class LoopObserver {
 public:
  virtual ~LoopObserver() = default;

  virtual void on_loop_started(LoopId) {}

  // `error`: type of RunOnce's error; empty without.
  virtual void on_loop_ended(LoopId, std::string_view /*error*/) {}

  // Pods that a loop saw unschedulable for the first time.
  virtual void on_pods_seen(LoopId, const std::vector<PodId>&) {}

  // An IncreaseSize is about to be sent. `pods`: those of the chosen option.
  virtual void on_scale_up(LoopId, std::string_view /*group*/, int /*delta*/,
                           const std::vector<PodId>&) {}

  // The request failed, timed out, or some of its instances reported an error.
  virtual void on_scale_up_failed(LoopId, std::string_view /*group*/, std::string_view) {}

  virtual void on_group_skipped(LoopId, std::string_view /*group*/, std::string_view) {}

  // The node's deletion begins.
  virtual void on_scale_down(LoopId, std::string_view /*node*/, bool /*drain*/) {}

  virtual void on_node_unremovable(LoopId, std::string_view /*node*/, std::string_view) {}
};

}  // namespace casim::sim

// What the autoscaler tells about its decisions, with upstream's own names for reasons and results.
// The world turns it into facts, tests into expectations. No call may change the autoscaler or
// wait. Reasons that stay the same from loop to loop are told once.
#pragma once

#include <string_view>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/id.h"

namespace casim::sim {

// A group that a scale-up could have chosen.
struct ConsideredOption {
  std::string_view group;
  int nodes = 0;  // that it would need
  int pods = 0;   // that it would take
  // Empty: it is chosen. Else why not: "No pod can fit", or the expander that left it out.
  std::string_view rejected_by;
};

// Results of a loop, and what it did with it: ScaleUpNotNeeded, ScaleDownInCooldown, ...
struct LoopResults {
  std::string_view scale_up;
  std::string_view scale_down;

  bool operator==(const LoopResults&) const = default;
};

class LoopObserver {
 public:
  virtual ~LoopObserver() = default;

  virtual void on_loop_started(LoopId) {}

  // When they differ from those of the loop before.
  virtual void on_results(LoopId, const LoopResults&) {}

  // `error`: type of RunOnce's error; empty without.
  virtual void on_loop_ended(LoopId, std::string_view /*error*/) {}

  // Pods that a loop saw unschedulable for the first time.
  virtual void on_pods_seen(LoopId, const std::vector<PodId>&) {}

  // A scale-up looks at a group: first what it passes over, then the options.
  virtual void on_group_skipped(LoopId, std::string_view /*group*/, std::string_view /*reason*/) {}

  // So many pods do not fit a new node of the group; 0: they do now.
  virtual void on_pods_rejected(LoopId, std::string_view /*group*/, std::string_view /*reason*/,
                                int /*pods*/) {}

  virtual void on_option_considered(LoopId, const ConsideredOption&) {}

  // An IncreaseSize is about to be sent. `pods`: those of the chosen option.
  virtual void on_scale_up(LoopId, std::string_view /*group*/, int /*delta*/,
                           const std::vector<PodId>&) {}

  // The request failed, timed out, or some of its instances reported an error.
  // `nodes`: how many were asked for, or have failed.
  virtual void on_scale_up_failed(LoopId, std::string_view /*group*/, std::string_view,
                                  int /*nodes*/) {}

  // The node's deletion begins.
  virtual void on_scale_down(LoopId, std::string_view /*node*/, bool /*drain*/) {}

  // A candidate stays, and why; `detail`: what blocks it, where a pod does. An empty reason:
  // nothing stands in the way of its removal any more.
  virtual void on_node_unremovable(LoopId, std::string_view /*node*/, std::string_view /*reason*/,
                                   std::string_view /*detail*/) {}
};

}  // namespace casim::sim

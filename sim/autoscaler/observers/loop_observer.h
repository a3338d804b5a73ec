// What the autoscaler tells about its decisions, with upstream's own names for reasons and results.
// The world turns it into facts, tests into expectations. No call may change the autoscaler or
// wait. Reasons that stay the same from loop to loop are told once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/autoscaler/observers/loop_results.h"
#include "sim/cluster/objects.h"
#include "src/core/id.h"
#include "src/core/result.h"

namespace casim::sim {

// An error as observers are told of it; never empty.
inline std::string text_of(const Error& error) {
  const std::string code(name_of(error.code));
  return error.message.empty() ? code : code + ": " + error.message;
}

// A group that a scale-up could have chosen.
struct ConsideredOption {
  std::string_view group;
  int nodes = 0;  // that it would need
  int pods = 0;   // that it would take
  // Empty: it is chosen. Else why not: "No pod can fit", or the expander that left it out, or that
  // the time was up before it was looked at.
  std::string_view rejected_by;
};

// Instances that a loop repairs the group by deleting.
struct DeletedInstances {
  std::string_view group;
  std::vector<std::string> instances;
  std::string_view reason;  // LongUnregistered, CreateError
  std::string_view error;   // the provider's; empty: it took the order
};

// A removal that was begun and given up: the node stays.
struct FailedRemoval {
  std::string_view node;
  std::string_view reason;  // upstream's NodeDeleteResultType
  std::string_view detail;
};

// Every call has a body that does nothing: an observer overrides what it wants to know.
class LoopObserver {
 public:
  virtual ~LoopObserver() = default;

  virtual void on_loop_started(LoopId) {}

  // When they differ from those of the loop before.
  virtual void on_results(LoopId, const LoopResults&) {}

  virtual void on_loop_ended(LoopId, const LoopEnd&) {}

  // --- repairs
  virtual void on_instances_deleted(LoopId, const DeletedInstances&) {}

  // A target that stayed too high was lowered: `delta` is negative.
  virtual void on_group_size_fixed(LoopId, std::string_view /*group*/, int /*delta*/) {}

  // Pods that a loop of this process saw unschedulable for the first time.
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
  virtual void on_scale_up_failed(LoopId, std::string_view /*group*/, std::string_view /*reason*/,
                                  int /*nodes*/) {}

  // The node's deletion begins.
  virtual void on_scale_down(LoopId, std::string_view /*node*/, bool /*drain*/) {}

  // `LoopId`: of the loop that decided it.
  virtual void on_scale_down_failed(LoopId, const FailedRemoval&) {}

  // A candidate stays, and why; `detail`: what blocks it, where a pod does. An empty reason:
  // nothing stands in the way of its removal any more.
  virtual void on_node_unremovable(LoopId, std::string_view /*node*/, std::string_view /*reason*/,
                                   std::string_view /*detail*/) {}
};

}  // namespace casim::sim

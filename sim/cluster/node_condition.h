// The Ready condition of a node and what Kubernetes itself hangs on it: the NoSchedule taint that
// follows it, and how long pods bear the NoExecute ones unless they say so themselves. Source:
// algorithm 5.6.
#pragma once

#include <string_view>

#include "sim/cluster/objects.h"

namespace casim::sim {

enum class ReadyStatus : std::uint8_t { kTrue, kFalse, kUnknown, kMissing };

ReadyStatus ready_status(const Node& node);
// The condition, its transition time if it changes, and the NoSchedule taint with it.
void set_ready_status(Node& node, ReadyStatus status, WallTime stamp);

// Puts the taint on or takes it off; false: nothing was to do.
bool set_taint(Node& node, std::string_view key, TaintEffect effect, bool wanted);

inline bool has_no_execute(const Node& node, std::string_view key) {
  return node.has_taint(key, TaintEffect::kNoExecute);
}

// Of the taints not-ready and unreachable with effect NoSchedule a node has the one that its
// condition asks for, or none; false: that was so.
bool set_condition_taints(Node& node);
bool has_right_condition_taints(const Node& node);

// Admission (DefaultTolerationSeconds): a pod bears not-ready and unreachable, NoExecute, for 300 s
// each, unless it tolerates them in its own way.
void add_default_tolerations(PodSpec& pod);

}  // namespace casim::sim

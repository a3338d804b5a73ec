// The one pod, node, group or loop that an explanation is about, found by name in a finished run.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "sim/explain/subject.h"
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/report/pods_csv.h"

namespace casim::sim {

// A run as its collectors know it at its end. Refers to the run's parts.
struct ReplayedRun {
  const PodLedger& pods;
  const NodeLedger& nodes;
  std::function<PodText(PodId)> text_of;
  std::vector<std::string> groups;  // their names
  TimePoint warmup = kTimeZero;     // scale-up latency counts pods created from here on
  TimePoint end{};
};

struct Target {
  SubjectKind kind = SubjectKind::kPod;
  std::string name;
  std::string reason;  // why this one, of kSlowest; else empty
  PodId pod;           // of kPod
  NodeId node;         // of kNode, and of a pod that was bound
  std::string instance;
  std::string group;   // of the node; of kGroup its name
  Provenance made_by;  // where the node comes from
  TimePoint from{};    // what of the run belongs to it
  TimePoint to = kTimeNever;
};

// Two of kSlowest, the longest wait for a new node and the 99th percentile, where they differ; else
// one. The error names the nearest.
std::expected<std::vector<Target>, std::string> targets_of(const Subject& subject,
                                                           const ReplayedRun& run);

}  // namespace casim::sim

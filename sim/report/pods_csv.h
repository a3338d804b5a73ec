// pods.csv: one line a pod, in order of id, times with nine decimals: exact nanoseconds. Columns,
// of which those that do not apply to a pod are empty:
//   pod, workload      their names
//   index              row or ordinal in the workload
//   replaces           name of the pod whose work it took over
//   state              pending, starting, running, completed, deleted, evicted, preempted or lost
//   node               that it is or was bound to
//   created_s, bound_s, running_s, ended_s
//                      when, in seconds since the scenario's start
//   gated_s            created until its last scheduling gate was lifted, in seconds; empty: never
//   total_s            from then to running, in seconds
//   detect_s to start_s, existing_queue_s to existing_start_s
//                      the stages of the wait (latency.h), in seconds: the first set of a pod whose
//                      node came after it, the second of one whose node was there; either adds up
//                      to total_s exactly
//   never_fits         why no node can hold it
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "sim/metrics/latency.h"

namespace casim::sim {

// What a line says of a pod that its record does not.
struct PodText {
  std::string name;
  std::string workload;
  std::string unfit;  // why no node can hold it; empty when one can
};

// Requires: the node of each pod that was bound is in `nodes`.
void write_pods_csv(std::ostream& out, const PodLedger& pods, const NodeLedger& nodes,
                    const std::function<PodText(PodId)>& text_of);

}  // namespace casim::sim

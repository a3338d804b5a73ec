// pods.csv: one line a pod, with the stages of its wait in seconds to the nanosecond. A pod that
// waited for a new node has the nine stages of scale_up_latency, one that found room on a node the
// three plain ones; either set adds up to total_s exactly. Empty cells: not applicable.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "sim/metrics/latency.h"

namespace casim::sim {

struct PodText {
  std::string name;
  std::string workload;
  std::string unfit;  // why it can never run; empty when it can
};

void write_pods_csv(std::ostream& out, const PodLedger& pods, const NodeLedger& nodes,
                    const std::function<PodText(PodId)>& text_of);

}  // namespace casim::sim

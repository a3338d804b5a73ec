// trace.json: a run for Perfetto (https://ui.perfetto.dev) or chrome://tracing. Processes:
//   the run          counters of pods, nodes and cost (series.csv), disturbances as slices and as
//                    lines through the picture, calls that EC2 refused as instants
//   group NAME       orders that became nodes, what else was decided, times at which the group was
//                    not considered; then a track for each of its nodes: decide, provision, launch,
//                    boot and join (latency.h), then ready until it is gone
//   pods             from created to running, with the stages of the wait as pods.csv has them
// An arrow leads from the order of a node to the node, for each pod that waited for it.
#pragma once

#include <ostream>

#include "sim/report/report_input.h"

namespace casim::sim {

void write_trace(std::ostream& out, const ReportInput& input);

}  // namespace casim::sim

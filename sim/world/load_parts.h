// Who gets which workload of a plan: what arrives, Jobs at their times, pods that are there, HPAs.
#pragma once

#include <vector>

#include "sim/load/batch_jobs.h"
#include "sim/load/controlled_load.h"
#include "sim/load/load_player.h"
#include "sim/load/workload_table.h"
#include "sim/scenario/load_plan.h"
#include "sim/world/autoscaled.h"
#include "sim/world/initial_state.h"

namespace casim::sim {

struct LoadParts {
  WorkloadTable& workloads;
  LoadPlayer& load;
  BatchJobs& batch_jobs;
  ControlledLoad& controlled;
  Autoscaled& autoscaled;
};

// Answers with the workloads whose pods are placed from the start.
std::vector<InitialPlacement> add_workloads(std::vector<PlannedWorkload> plan,
                                            const LoadParts& parts);

}  // namespace casim::sim

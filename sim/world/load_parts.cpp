#include "sim/world/load_parts.h"

#include <string>
#include <utility>

namespace casim::sim {
namespace {

// One that an HPA may size.
WorkloadId add_set(BurstSpec burst, const LoadParts& parts) {
  const std::string name = burst.name;
  const WorkloadId id = parts.workloads.add(std::move(burst));
  const PodSeries& pods = parts.workloads.series(id);
  parts.autoscaled.add_replica_set({name, id, pods.owner(0).uid, pods.spec(0)});
  return id;
}

void add_controlled(ControlledSpec spec, const LoadParts& parts) {
  const WorkloadId id = parts.workloads.add(spec);
  if (std::holds_alternative<DeploymentKind>(spec.kind)) {
    const PodSpecPtr pod = parts.workloads.series(id).spec(0);
    parts.autoscaled.add_deployment({spec.name, id, ControlledLoad::uid_of(spec), pod}, spec.at);
  }
  parts.controlled.add(id, std::move(spec));
}

void add_batch(BatchSpec batch, const LoadParts& parts) {
  const WorkloadId id = parts.workloads.add(std::move(batch.pods));
  if (batch.cron) {
    parts.batch_jobs.add(id, batch.job, std::move(*batch.cron));
  } else {
    parts.batch_jobs.add(id, batch.job, batch.at);
  }
}

}  // namespace

std::vector<InitialPlacement> add_workloads(std::vector<PlannedWorkload> plan,
                                            const LoadParts& parts) {
  std::vector<InitialPlacement> placements;
  for (PlannedWorkload& workload : plan) {
    if (auto* placed = std::get_if<PlacedSpec>(&workload)) {
      const WorkloadId id = add_set(std::move(placed->burst), parts);
      placements.push_back({id, std::move(placed->places)});
    } else if (auto* burst = std::get_if<BurstSpec>(&workload)) {
      parts.load.play(add_set(std::move(*burst), parts));
    } else if (auto* controlled = std::get_if<ControlledSpec>(&workload)) {
      add_controlled(std::move(*controlled), parts);
    } else if (auto* batch = std::get_if<BatchSpec>(&workload)) {
      add_batch(std::move(*batch), parts);
    } else if (auto* trace = std::get_if<TraceSpec>(&workload)) {
      parts.load.add(std::move(*trace));
    } else if (auto* arrivals = std::get_if<ArrivalSpec>(&workload)) {
      parts.load.add(std::move(*arrivals));
    } else {
      parts.load.add(std::move(std::get<ScaledSpec>(workload)));
    }
  }
  return placements;
}

}  // namespace casim::sim

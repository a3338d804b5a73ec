// What a user reads of a pod: its name, and why no node could ever hold it.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/load/workload_table.h"
#include "sim/metrics/run_info.h"
#include "sim/report/pods_csv.h"

namespace casim::sim {

// Empty: of a pod without a workload.
inline std::string name_of(PodId pod, const Cluster& cluster, const WorkloadTable& workloads) {
  const PodLife& life = cluster.life(pod);
  if (!life.workload.is_valid()) return "";
  return pod_name(workloads.name_of(life.workload), life.index, life.incarnation);
}

inline PodText pod_text(PodId pod, const Cluster& cluster, const WorkloadTable& workloads) {
  const WorkloadId workload = cluster.life(pod).workload;
  return {name_of(pod, cluster, workloads), workload.is_valid() ? workloads.name_of(workload) : "",
          workloads.why_never_fits(pod)};
}

// In order of id.
inline std::vector<UnfitPod> unfit_pods(const Cluster& cluster, const WorkloadTable& workloads) {
  std::vector<UnfitPod> out;
  for (std::size_t i = 0; i < cluster.pods_created(); ++i) {
    const PodId id(static_cast<PodId::rep>(i));
    if (workloads.can_fit(id)) continue;
    out.push_back({id, name_of(id, cluster, workloads), workloads.why_never_fits(id)});
  }
  return out;
}

}  // namespace casim::sim

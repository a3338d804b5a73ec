// The workloads of a load by id: their names, their pods as a series, and what is known of each pod
// before it is made: for how long it runs, and whether any node can ever hold it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/load/arrival_series.h"
#include "sim/load/burst.h"
#include "sim/load/controlled_spec.h"
#include "sim/load/pod_series.h"
#include "sim/load/scaled_series.h"
#include "sim/load/trace_series.h"
#include "sim/workloads/workload_controller.h"
#include "src/core/random.h"

namespace casim::sim {

class WorkloadTable {
 public:
  // Why no node can ever hold such a pod; empty: one can. Asked once a shape, when it is first
  // seen.
  using WhyNeverFits = std::function<std::string(const PodSpec&)>;

  // The cluster tells which pod is of which workload, and outlives the table.
  WorkloadTable(const Cluster& cluster, WhyNeverFits why_never_fits);

  // Ids are dense, in order of adding.
  WorkloadId add(BurstSpec spec);
  WorkloadId add(TraceSpec spec);
  WorkloadId add(ArrivalSpec spec);
  WorkloadId add(ScaledSpec spec);
  WorkloadId add(const ControlledSpec& spec);

  const PodSeries& series(WorkloadId workload) const { return *row(workload).series; }

  const std::string& name_of(WorkloadId workload) const { return row(workload).name; }

  // The pods of an owner from that index on.
  PodBlueprint blueprint(WorkloadId workload, std::uint64_t first_index) const;
  // Some node could hold the pod of that index.
  bool can_fit(WorkloadId workload, std::uint64_t index) const;
  // Pods of its series. Requires: it has a size.
  std::uint64_t count_fitting(WorkloadId workload) const;
  std::uint64_t size() const;  // pods of all series that have a size

  // --- of a pod that was created; one that is of no workload here runs for ever and can fit
  std::optional<Duration> run_for(PodId pod) const;   // from running to completion; none: for ever
  bool fails(PodId pod, const Random& random) const;  // at the end of its run time
  bool can_fit(PodId pod) const;
  std::string why_never_fits(PodId pod) const;  // empty: some node could hold it

 private:
  struct Row {
    std::string name;
    std::unique_ptr<PodSeries> series;
    mutable std::vector<std::string> why_never_fits;  // by shape, as far as seen; empty: it can
  };

  WorkloadId add(std::string name, std::unique_ptr<PodSeries> series);

  const Row& row(WorkloadId workload) const { return rows_[workload.value()]; }

  const std::string& reason(WorkloadId workload, std::uint64_t index) const;
  void judge_shapes(const Row& row) const;
  bool has(WorkloadId workload) const;

  const Cluster& cluster_;
  WhyNeverFits why_never_fits_;
  std::vector<Row> rows_;  // by id
};

}  // namespace casim::sim

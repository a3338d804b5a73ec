#include <algorithm>
#include <utility>

#include "sim/scenario/load_forecast.h"

namespace casim::sim {
namespace {

// Pods that a set of such sizes makes until then, those that take the place of others left out.
double pods_of(const std::vector<ScalingStep>& steps, double end) {
  double pods = 0;
  double before = 0;
  for (const ScalingStep& step : steps) {
    if (end >= 0 && to_seconds(step.at) >= end) break;
    const double after = static_cast<double>(step.replicas);
    pods += std::max(0.0, after - std::exchange(before, after));
  }
  return pods;
}

}  // namespace

double pods_created(const Scenario& scenario, const LoadPlan& plan) {
  const ApiLimit& limit = scenario.controllers.api;
  const double end = scenario.duration ? to_seconds(*scenario.duration) : -1;
  // By all ReplicaSets, by all Jobs: each kind has a controller, and each controller a limit.
  double by_sets = 0;
  double by_jobs = 0;
  double others = 0;
  for (const auto& workload : plan.workloads) {
    if (const auto* burst = std::get_if<BurstSpec>(&workload)) {
      const double at = to_seconds(burst->at);
      const double over = to_seconds(burst->over);
      double share = 1;
      if (end >= 0 && at + over > end) share = over == 0 ? 0 : std::max(0.0, end - at) / over;
      (burst->run_for ? by_jobs : by_sets) += static_cast<double>(burst->count) * share;
    } else if (const auto* placed = std::get_if<PlacedSpec>(&workload)) {
      others += static_cast<double>(placed->burst.count);
    } else if (const auto* trace = std::get_if<TraceSpec>(&workload)) {
      const auto& rows = trace->trace.rows;
      by_jobs += static_cast<double>(std::ranges::count_if(
          rows, [end](const TraceRow& row) { return end < 0 || to_seconds(row.arrival) < end; }));
    } else if (const auto* arrivals = std::get_if<ArrivalSpec>(&workload)) {
      (arrivals->as_jobs ? by_jobs : others) += integral(*arrivals->rate, 0, arrivals->end);
    } else if (const auto* set = std::get_if<ScaledSpec>(&workload)) {
      by_sets += pods_of(set->steps, end);
    } else if (const auto* batch = std::get_if<BatchSpec>(&workload)) {
      const auto begins = static_cast<double>(job_begins(*batch, scenario).size());
      by_jobs += begins * static_cast<double>(batch->pods.count);
    } else if (const auto* controlled = std::get_if<ControlledSpec>(&workload)) {
      if (controlled->is_daemon_set()) continue;
      by_sets += pods_of(replica_steps(*controlled), end);
    }
  }
  if (limit.qps > 0 && end >= 0) {
    const double most = limit.burst + limit.qps * end;
    by_sets = std::min(by_sets, most);
    by_jobs = std::min(by_jobs, most);
  }
  return by_sets + by_jobs + others;
}

}  // namespace casim::sim

#include "sim/world/load_schedule.h"

#include <algorithm>
#include <string>
#include <utility>

namespace casim::sim {
namespace {

class ScheduleBuilder {
 public:
  explicit ScheduleBuilder(const Scenario& scenario) : scenario_(scenario) {}

  void add(const BurstSpec& burst) {
    if (burst.count > 0) edge(burst.at, "burst " + burst.name);
  }

  void add(const PlacedSpec& placed) { edge({}, placed.burst.name); }

  void add(const TraceSpec& trace) {
    const std::vector<TraceRow>& rows = trace.trace.rows;
    if (!rows.empty()) flow(rows.front().arrival, rows.back().arrival);
  }

  void add(const ArrivalSpec& arrivals) { flow({}, from_seconds(arrivals.end)); }

  void add(const ScaledSpec& scaled) {
    if (!scaled.steps.empty()) flow(scaled.steps.front().at, scaled.steps.back().at);
  }

  void add(const ControlledSpec& set) {
    edge(set.at, set.name);
    for (const ReplicaChange& change : set.changes) {
      edge(change.at, "scale of " + set.name);
    }
    for (const Rollout& rollout : set.rollouts) edge(rollout.at, "rollout of " + set.name);
  }

  void add(const BatchSpec& batch) {
    for (const Duration at : job_begins(batch, scenario_)) edge(at, "job " + batch.pods.name);
  }

  void add(const HpaScenario& hpa) {
    for (const HpaMetricScenario& metric : hpa.metrics) {
      for (const DemandChange& change : metric.load) edge(change.at, "load of " + hpa.name);
    }
  }

  LoadSchedule take() {
    std::ranges::stable_sort(out_.edges, {}, &LoadEdge::at);
    return std::move(out_);
  }

 private:
  void edge(Duration at, std::string what) {
    out_.edges.push_back({kTimeZero + at, std::move(what)});
  }

  void flow(Duration from, Duration to) {
    out_.flows_from = std::min(out_.flows_from, kTimeZero + from);
    out_.flows_to = std::max(out_.flows_to, kTimeZero + to);
  }

  const Scenario& scenario_;
  LoadSchedule out_;
};

}  // namespace

ConvergenceOptions convergence_options(const Scenario& scenario) {
  return {.hold = scenario.convergence.hold,
          .settle_within = scenario.convergence.settle_within,
          .warmup = kTimeZero + scenario.warmup};
}

LoadSchedule load_schedule(const LoadPlan& plan, const Scenario& scenario) {
  ScheduleBuilder schedule(scenario);
  for (const PlannedWorkload& workload : plan.workloads) {
    std::visit([&schedule](const auto& spec) { schedule.add(spec); }, workload);
  }
  for (const HpaScenario& hpa : scenario.hpas) schedule.add(hpa);
  return schedule.take();
}

}  // namespace casim::sim

// All collectors of a run, and the summary that they add up to. A new collector is a file pair of
// this folder, its members here, and its line in each function of collectors.cpp.
#pragma once

#include "sim/cluster/pod_tally.h"
#include "sim/metrics/activity.h"
#include "sim/metrics/api_error_log.h"
#include "sim/metrics/call_rates.h"
#include "sim/metrics/convergence.h"
#include "sim/metrics/decision_log.h"
#include "sim/metrics/group_activity.h"
#include "sim/metrics/latency.h"
#include "sim/metrics/machine_hours.h"
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/order_trail.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/pod_shapes.h"
#include "sim/metrics/replica_lag.h"
#include "sim/metrics/room_waits.h"
#include "sim/metrics/run_info.h"
#include "sim/metrics/run_marks.h"
#include "sim/metrics/run_series.h"
#include "sim/metrics/spot_losses.h"
#include "sim/metrics/summary_values.h"
#include "sim/metrics/world_model.h"

namespace casim::sim {

// What a run says at its end.
struct Summary : RunInfo {
  PodTally pods;
  std::int64_t rows_run = 0;  // PodLedger::rows_run
  NodeTotals nodes;
  LatencySummary latency;
  ConvergenceSummary convergence;
  std::map<std::string, GroupTotals> groups;
  MachineTotals machines;
  Activity activity;
  std::map<std::string, BusiestTimes> ec2_rates;
  SpotLossTotals spot;
  std::map<std::string, ReplicaLagTotals> hpas;
};

// The same as a table: summary.json in its order.
SummaryValues values_of(const Summary& summary);

// Hands each fact to every collector.
class Collectors : public FactSink {
 public:
  // The world outlives it, and asks it nothing before its first fact.
  Collectors(WorldModel& world, LoadSchedule schedule, const ConvergenceOptions& convergence);

  void on_fact(TimePoint at, const Fact& fact) override;

  const PodLedger& pods() const { return pods_; }

  const NodeLedger& nodes() const { return nodes_; }

  // Ideal demand, and sizes of the groups, now.
  const Convergence& convergence() const { return convergence_; }

  // For series.csv and the charts.
  const RunSeries& series() const { return series_; }

  RunSeries& series() { return series_; }

  const DecisionLog& decisions() const { return decisions_; }

  const RunMarks& marks() const { return marks_; }

  const ApiErrorLog& api_errors() const { return api_errors_; }

  // `run`: as it stands at this instant.
  Summary summary(RunInfo run) const;

 private:
  void forget_orders(PodId pod);

  PodLedger pods_;
  NodeLedger nodes_;
  PodShapes shapes_;
  RoomWaits rooms_;
  OrderTrail orders_;
  Convergence convergence_;
  GroupActivity groups_;
  MachineHours machines_;
  CallRates rates_;
  Activity activity_;
  SpotLosses spot_;
  ReplicaLag replicas_;
  RunSeries series_;
  DecisionLog decisions_;
  RunMarks marks_;
  ApiErrorLog api_errors_;
};

}  // namespace casim::sim

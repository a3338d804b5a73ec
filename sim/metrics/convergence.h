// Whether the cluster comes to rest after each disturbance, how soon, and how far it overshoots
// (design section 5). A disturbance is the start of the run, an edge of the load's schedules, or a
// fault that begins; its window lasts to the next one, or to the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/group_sizes.h"
#include "sim/metrics/ideal_demand.h"
#include "sim/metrics/node_ledger.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/pod_shapes.h"
#include "sim/metrics/reversals.h"
#include "sim/metrics/summary_values.h"
#include "sim/metrics/world_model.h"

namespace casim::sim {

// An instant at which the load changes by a schedule.
struct LoadEdge {
  TimePoint at{};
  std::string what;  // "burst web"
};

struct LoadSchedule {
  std::vector<LoadEdge> edges;  // by time
  // In between, pods arrive one by one, and service never rests; empty: nowhere.
  TimePoint flows_from = kTimeNever;
  TimePoint flows_to = kTimeZero;
};

struct ConvergenceOptions {
  Duration hold = std::chrono::minutes(15);           // rest that lasts so long is rest
  Duration settle_within = std::chrono::minutes(15);  // else it is late
  TimePoint warmup = kTimeZero;                       // the tracking error counts from here on
};

// The worst last.
enum class ConvergenceVerdict : std::uint8_t {
  kConverged,    // service settled in time, and held
  kTracking,     // pods flowed in, so that nothing could settle; neither of the last two
  kUndecided,    // the window was too short to tell
  kLate,         // service settled only after settle_within
  kOscillating,  // the target turned back three times more than the demand did, or more often
  kStuck,        // a pod of some group waited at the end, and for 15 min nothing was ordered
};

std::string_view name_of(ConvergenceVerdict verdict);

// What followed one disturbance. Integrals are over its window.
struct Settling {
  TimePoint from{};
  TimePoint to{};
  std::vector<std::string> what;
  std::optional<Duration> first_node{};       // the first new node Ready; none: there was none
  std::optional<Duration> service_settled{};  // no pod of a group waited; none: not settled
  std::optional<Duration> size_settled{};     // targets and schedulable nodes at one; likewise
  std::int64_t max_target = 0;
  std::int64_t max_ideal = 0;
  double ideal_node_hours = 0;
  double excess_node_hours = 0;        // schedulable above ideal
  std::optional<double> excess_usd{};  // none: the price of a group is not known
  double pending_pod_s = 0;
  std::int64_t extra_reversals = 0;  // of the target, beyond those of the ideal demand
  std::int64_t short_lived = 0;      // nodes gone within 10 min of registering
  ConvergenceVerdict verdict = ConvergenceVerdict::kConverged;

  std::int64_t overshoot() const { return std::max<std::int64_t>(0, max_target - max_ideal); }
};

// Over the run from its warm-up on.
struct TrackingError {
  double ideal_node_hours = 0;
  double over_node_hours = 0;   // schedulable above ideal
  double under_node_hours = 0;  // and below
};

struct ConvergenceSummary {
  std::vector<Settling> settlings;
  TrackingError tracking;
  // Of the whole run; none: the price of a group is not known.
  std::optional<double> ideal_usd;
  std::optional<double>
      used_usd;  // schedulable nodes up to the ideal: what was paid for and needed
};

class Convergence {
 public:
  Convergence(const WorldModel& world, LoadSchedule schedule, ConvergenceOptions options);

  // Those who have heard of the fact already.
  struct Known {
    const PodLedger& pods;
    const NodeLedger& nodes;
    const PodShapes& shapes;
  };

  void on_fact(TimePoint at, const Fact& fact, const Known& known);

  ConvergenceSummary summary(TimePoint end, const Known& known) const;

  const GroupSizes& sizes() const { return sizes_; }

  const IdealDemand& demand() const { return demand_; }

 private:
  struct Window {
    Settling result;
    TimePoint unserved_until{};  // the last instant with a waiting pod of a group, while none waits
    TimePoint unequal_until{};   // likewise, of targets and schedulable nodes
    Reversals target;
    Reversals ideal;
  };

  void on(TimePoint now, const PodCreated& fact, const Known& known);
  void on(TimePoint now, const PodGated& fact, const Known& known);
  void on(TimePoint now, const PodUngated& fact, const Known& known);
  void on(TimePoint now, const PodBound& fact, const Known& known);
  void on(TimePoint now, const PodEnded& fact, const Known& known);
  void on(TimePoint now, const NodeReady& fact, const Known& known);
  void on(TimePoint now, const NodeGone& fact, const Known& known);
  void on(TimePoint now, const IncreaseSizeCommitted& fact, const Known& known);
  void on(TimePoint now, const GroupTargetChanged& fact, const Known& known);
  void on(TimePoint now, const FaultBegan& fact, const Known& known);

  template <class Other>
  void on(TimePoint, const Other&, const Known&) {}  // disturbs nothing, settles nothing

  void begin_edges(TimePoint now, const Known& known);
  void begin(TimePoint now, std::string what, const Known& known);
  void advance(TimePoint now);
  void note_levels();
  void close(TimePoint now, const Known& known);
  bool has_waited(TimePoint now, const Known& known);  // a pod of some group, for long
  ConvergenceVerdict judge(const Window& window, TimePoint now, const Known& known);

  LoadSchedule schedule_;
  ConvergenceOptions options_;
  IdealDemand demand_;
  GroupSizes sizes_;
  std::size_t next_edge_ = 0;
  std::vector<bool> is_elsewhere_;  // by PodId: bound to a node of no group
  std::int64_t pending_ = 0;        // pods that wait and that a group could hold
  std::size_t oldest_ = 0;          // no pod before this one waits, or may yet
  TimePoint ordered_ = kTimeZero;   // the last order
  TimePoint since_{};               // that integrals count
  TrackingError tracking_;
  double ideal_usd_ = 0;
  double used_usd_ = 0;
  Window window_;
  std::vector<Settling> done_;
};

// convergence.*
void list_values(SummaryValues& out, const ConvergenceSummary& summary);

}  // namespace casim::sim

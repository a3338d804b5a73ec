// What a run did over time, for series.csv and the charts: pods, nodes, targets and what they cost,
// in steps (step_series.h). What no fact tells is handed in at each instant that changes it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/pod_ledger.h"
#include "sim/metrics/step_series.h"

namespace casim::sim {

class RunSeries {
 public:
  RunSeries();

  // `pods` has heard of the fact already.
  void on_fact(TimePoint at, const Fact& fact, const PodLedger& pods);

  // Of all machines that are charged for, in millionths of a USD an hour. None: one of them has no
  // known price, and neither has the run.
  void set_cost_rate(TimePoint at, std::optional<std::int64_t> micro_usd_per_hour);
  // Nodes that the pods of now would need at least.
  void set_ideal(TimePoint at, std::int64_t nodes);

  // One gauge or counter, as files and charts name it.
  struct Quantity {
    std::string name;   // "pods_pending", "target.general"
    std::string group;  // of a node group
    std::string unit;
    SeriesColumn column;
    bool is_counter = false;
    double scale = 1;  // what it counts, in its unit
  };

  // In the order of the file: of the whole, then of each group by name. What was never told is not
  // there: `ideal` without set_ideal, the cost rate when it is not known.
  std::vector<Quantity> quantities() const;

  const StepSeries& steps() const { return steps_; }

 private:
  struct Group {
    SeriesColumn target;
    SeriesColumn ready;
    std::int64_t nodes_wanted = 0;  // the target
  };

  struct SeenNode {
    Group* group = nullptr;  // null: of none
    bool is_ready = false;
  };

  void on(TimePoint at, const PodCreated& fact, const PodLedger& pods);
  void on(TimePoint at, const PodBound& fact, const PodLedger& pods);
  void on(TimePoint at, const PodRunning& fact, const PodLedger& pods);
  void on(TimePoint at, const PodEnded& fact, const PodLedger& pods);
  void on(TimePoint at, const NodeRegistered& fact, const PodLedger& pods);
  void on(TimePoint at, const NodeReady& fact, const PodLedger& pods);
  void on(TimePoint at, const NodeNotReady& fact, const PodLedger& pods);
  void on(TimePoint at, const NodeGone& fact, const PodLedger& pods);
  void on(TimePoint at, const GroupTargetChanged& fact, const PodLedger& pods);
  void on(TimePoint at, const Ec2CallAnswered& fact, const PodLedger& pods);

  template <class Other>
  void on(TimePoint, const Other&, const PodLedger&) {}  // changes none of these

  Group& group(const std::string& name);
  void set_ready(TimePoint at, NodeId node, bool is_ready);

  StepSeries steps_;
  SeriesColumn pending_, running_, target_, ready_, registered_, ideal_, cost_, calls_, refused_;
  std::map<std::string, Group> groups_;
  std::vector<SeenNode> nodes_;  // by NodeId
  bool has_ideal_ = false;
  bool has_cost_ = true;
};

}  // namespace casim::sim

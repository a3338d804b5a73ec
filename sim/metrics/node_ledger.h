// One record per node: the instants of its way from the loop that ordered it to Ready, joined from
// the facts of autoscaler, provider, EC2 and kubelet. An instant that never was (an initial node
// has no order) stays kBeforeAllTime, so that stages clamp to zero.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <string>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

inline constexpr TimePoint kBeforeAllTime = TimePoint::min();

struct NodeRecord {
  std::string name;
  std::string instance;
  std::string group;
  TimePoint registered = kTimeNever;
  TimePoint ready = kTimeNever;  // for the first time
  TimePoint gone = kTimeNever;
  bool is_ready = false;

  bool was_ready() const { return ready != kTimeNever; }
};

// Instants of the machine below a node.
struct Provenance {
  TimePoint loop_start = kBeforeAllTime;  // of the loop whose IncreaseSize made the slot
  TimePoint committed = kBeforeAllTime;   // the slot was durable at the provider
  TimePoint accepted = kBeforeAllTime;    // by EC2, server side
  TimePoint running = kBeforeAllTime;
};

struct NodeTotals {
  std::int64_t registered = 0;  // over the run, initial nodes included
  std::int64_t ready_peak = 0;
  std::int64_t ready_at_end = 0;
  std::int64_t gone = 0;
  double node_hours = 0;  // registered to gone, or to the end
};

class NodeLedger : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;

  const std::vector<NodeRecord>& nodes() const { return nodes_; }  // by NodeId

  // Requires: the node is in the ledger.
  Provenance provenance(NodeId node) const;

  std::int64_t ready_now() const { return ready_now_; }

  NodeTotals totals(TimePoint end) const;

 private:
  struct InstanceTimes {
    TimePoint accepted = kBeforeAllTime;
    TimePoint running = kBeforeAllTime;
    SlotId slot;
  };

  struct SlotTimes {
    TimePoint loop_start = kBeforeAllTime;
    TimePoint committed = kBeforeAllTime;
  };

  void on(TimePoint now, const NodeRegistered& fact);
  void on(TimePoint now, const NodeReady& fact);
  void on(TimePoint now, const NodeNotReady& fact);
  void on(TimePoint now, const NodeGone& fact);
  void on(TimePoint now, const LoopStarted& fact);
  void on(TimePoint now, const IncreaseSizeCommitted& fact);
  void on(TimePoint now, const SlotLaunched& fact);
  void on(TimePoint now, const InstanceLaunched& fact);
  void on(TimePoint now, const InstanceRunning& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // not about nodes

  NodeRecord& at(NodeId id);
  void set_ready(NodeRecord& node, bool is_ready);

  std::vector<NodeRecord> nodes_;
  boost::unordered_flat_map<std::string, InstanceTimes> instances_;        // lookups only
  boost::unordered_flat_map<SlotId, SlotTimes, std::hash<SlotId>> slots_;  // lookups only
  std::vector<TimePoint> loop_starts_;
  std::int64_t ready_now_ = 0;
  std::int64_t peak_ready_ = 0;
};

// nodes.*
void list_values(SummaryValues& out, const NodeTotals& nodes);

}  // namespace casim::sim

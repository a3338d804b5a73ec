// One record per node: the instants of its way from the loop that ordered it to Ready, joined from
// the facts of autoscaler, provider, EC2 and kubelet. An instant that never was (an initial node
// has no order) stays kBeforeAllTime, so that stages clamp to zero.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

inline constexpr TimePoint kBeforeAllTime = TimePoint::min();

struct NodeRecord {
  std::string name;
  std::string instance;
  std::string group;
  TimePoint registered = kTimeNever;
  TimePoint ready = kTimeNever;
  TimePoint gone = kTimeNever;

  bool was_ready() const { return ready != kTimeNever; }
};

// Of the machine below a node.
struct Provenance {
  TimePoint loop_start = kBeforeAllTime;  // of the loop whose IncreaseSize made the slot
  TimePoint committed = kBeforeAllTime;
  TimePoint accepted = kBeforeAllTime;  // by EC2, server side
  TimePoint running = kBeforeAllTime;
};

class NodeLedger : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;

  const std::vector<NodeRecord>& nodes() const { return nodes_; }  // by NodeId

  Provenance provenance(NodeId node) const;

  std::int64_t peak_ready() const { return peak_ready_; }

  std::int64_t ready_now() const { return ready_now_; }

  Duration node_time(TimePoint end) const;  // sum of registered-to-gone, open nodes to `end`

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
  void on(TimePoint now, const NodeGone& fact);
  void on(TimePoint now, const LoopStarted& fact);
  void on(TimePoint now, const IncreaseSizeCommitted& fact);
  void on(TimePoint now, const SlotLaunched& fact);
  void on(TimePoint now, const InstanceLaunched& fact);
  void on(TimePoint now, const InstanceRunning& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // not about nodes

  NodeRecord& at(NodeId id);

  std::vector<NodeRecord> nodes_;
  std::map<std::string, InstanceTimes> instances_;
  std::map<SlotId, SlotTimes> slots_;
  std::vector<TimePoint> loop_starts_;
  std::int64_t ready_now_ = 0;
  std::int64_t peak_ready_ = 0;
};

}  // namespace casim::sim

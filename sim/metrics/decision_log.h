// What the autoscaler did with each node group, and why: the timeline behind the targets. When
// there are more than kMost entries, those of one group, kind and reason that are less than a
// window apart become one, and the window doubles until they are few enough: what is kept grows
// with the number of different reasons, and not with the length of the run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/events/facts.h"

namespace casim::sim {

enum class DecisionKind : std::uint8_t {
  kOrder,        // nodes were ordered; reason: what else could have been
  kOrderFailed,  // an order failed; reason: the code
  kRemoval,      // nodes are to be removed
  kNotRemoved,   // a removal was given up
  kDeletion,     // instances without a node, or that failed, were deleted
  kCorrection,   // the target was lowered to what is there
  kSkipped,      // for a time the group was not considered, as in backoff
};

inline constexpr int kDecisionKindCount = 7;

std::string_view name_of(DecisionKind kind);

struct Decision {
  TimePoint from{};
  TimePoint to{};     // of kSkipped its end (kTimeNever: it lasts); of others the last one
  std::string group;  // empty: of no group
  DecisionKind kind = DecisionKind::kOrder;
  std::int64_t nodes = 0;
  std::int64_t pods = 0;       // of an order: that it counted
  std::int64_t decisions = 1;  // that are told as one
  std::string reason;
};

class DecisionLog : public FactSink {
 public:
  static constexpr std::size_t kMost = 2000;
  static constexpr Duration kLongestWindow = std::chrono::hours(24 * 365);

  void on_fact(TimePoint at, const Fact& fact) override;

  const std::vector<Decision>& decisions() const { return decisions_; }  // in order of time

  // Decisions closer to one another than that may be told as one; none: all are told.
  Duration window() const { return window_; }

 private:
  void on(TimePoint at, const NodeRegistered& fact);
  void on(TimePoint at, const NodeGone& fact);
  void on(TimePoint at, const OptionConsidered& fact);
  void on(TimePoint at, const ScaleUpDecided& fact);
  void on(TimePoint at, const ScaleUpFailed& fact);
  void on(TimePoint at, const ScaleDownDecided& fact);
  void on(TimePoint at, const ScaleDownFailed& fact);
  void on(TimePoint at, const InstancesDeleted& fact);
  void on(TimePoint at, const GroupSizeFixed& fact);
  void on(TimePoint at, const GroupSkipped& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // decides nothing

  // One of the same loop, kind and reason is counted with it.
  void add(LoopId loop, Decision decision);
  void end_skip(TimePoint at, const std::string& group);
  void shrink();
  void merge();
  std::string group_of(const std::string& node) const;
  std::string rejected(LoopId loop) const;

  std::vector<Decision> decisions_;
  Duration window_{};
  std::size_t limit_ = kMost;  // more entries than that are made fewer
  LoopId last_loop_;
  std::size_t first_of_loop_ = 0;                // in decisions_
  std::map<std::string, std::string> group_of_;  // by name of a node that is there
  std::vector<std::string> names_;               // by NodeId
  LoopId considered_in_;
  std::vector<std::pair<std::string, std::string>> rejected_;  // group and reason, of that loop
};

}  // namespace casim::sim

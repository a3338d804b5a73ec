// What happened to each node group: orders, failures, and for how long and why the autoscaler
// passed it over.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sim/events/facts.h"
#include "sim/metrics/summary_values.h"

namespace casim::sim {

struct GroupTotals {
  using ByName = std::map<std::string, std::int64_t>;

  std::int64_t orders = 0;
  std::int64_t slots_ordered = 0;
  ByName failed;  // nodes whose scale-up the autoscaler took for failed, by its reason
  std::map<std::string, Duration> skipped;  // by reason
  std::int64_t nodes_removed = 0;           // from it, by decision of the autoscaler
  std::int64_t peak_target = 0;
};

class GroupActivity {
 public:
  void on_fact(TimePoint at, const Fact& fact);

  std::map<std::string, GroupTotals> totals(TimePoint end) const;  // by group

 private:
  struct Group {
    GroupTotals totals;
    std::string skipped_for;  // empty: it is not
    TimePoint skipped_since{};

    void end_skip(TimePoint now);
  };

  void on(TimePoint now, const IncreaseSizeCommitted& fact);
  void on(TimePoint now, const ScaleUpFailed& fact);
  void on(TimePoint now, const GroupSkipped& fact);
  void on(TimePoint now, const NodeRegistered& fact);
  void on(TimePoint now, const ScaleDownDecided& fact);
  void on(TimePoint now, const GroupTargetChanged& fact);

  template <class Other>
  void on(TimePoint, const Other&) {}  // not of a group

  std::map<std::string, Group> groups_;
  std::map<std::string, std::string> group_of_;  // by name of node
};

// groups.{name}.*
void list_values(SummaryValues& out, const std::map<std::string, GroupTotals>& totals);

}  // namespace casim::sim

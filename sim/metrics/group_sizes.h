// Size of each node group over time: target, and nodes to which pods can go.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/events/facts.h"
#include "sim/metrics/world_model.h"

namespace casim::sim {

class GroupSizes {
 public:
  explicit GroupSizes(const WorldModel& world);

  void on_fact(const Fact& fact);

  std::int64_t target() const { return target_; }  // of all groups

  // Ready, and not on their way out (ToBeDeleted).
  std::int64_t schedulable() const { return schedulable_; }

  // None: the price of a group is not known.
  std::optional<Price> price() const;  // of the schedulable ones

  // Groups whose target is not the number of their schedulable nodes.
  int unequal() const { return unequal_; }

  struct Size {
    std::int64_t target = 0;
    std::int64_t schedulable = 0;

    bool is_equal() const { return target == schedulable; }
  };

  const Size& of(std::size_t group) const { return sizes_[group]; }

 private:
  struct NodeState {
    std::size_t group = 0;
    bool is_ours = false;  // of a group, and not gone
    bool is_ready = false;
    bool is_leaving = false;
    bool counts = false;
  };

  void on(const GroupTargetChanged& fact);
  void on(const NodeRegistered& fact);
  void on(const NodeReady& fact);
  void on(const NodeNotReady& fact);
  void on(const NodeTainted& fact);
  void on(const NodeGone& fact);

  template <class Other>
  void on(const Other&) {}  // changes no size

  NodeState& at(NodeId node);
  void count(NodeState& node);
  void change(std::size_t group, std::int64_t target, std::int64_t schedulable);

  const WorldModel& world_;
  std::map<std::string, std::size_t> numbers_;  // by name
  std::vector<Size> sizes_;
  std::vector<NodeState> nodes_;  // by NodeId
  std::int64_t target_ = 0;
  std::int64_t schedulable_ = 0;
  std::int64_t micro_usd_per_hour_ = 0;
  int unequal_ = 0;
  bool has_prices_ = true;
};

}  // namespace casim::sim

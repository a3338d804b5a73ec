// What became of some orders of the autoscaler: which slots, machines and nodes are theirs.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "sim/events/facts.h"

namespace casim::sim {

class OrderFollowers {
 public:
  void add(LoopId loop, const std::string& group) { orders_.emplace(loop, group); }

  bool has(LoopId loop, const std::string& group) const { return orders_.contains({loop, group}); }

  bool has(SlotId slot) const { return slots_.contains(slot); }

  bool has(NodeId node) const { return nodes_.contains(node); }

  bool has_instance(const std::string& instance) const { return instances_.contains(instance); }

  // Whether the fact belongs to one of the orders. Each fact of the run, in order.
  bool follows(const Fact& fact) {
    return std::visit([this](const auto& f) { return is_next(f); }, fact);
  }

 private:
  bool is_next(const IncreaseSizeCommitted& fact) {
    if (!has(fact.loop, fact.group)) return false;
    slots_.insert(fact.slots.begin(), fact.slots.end());
    return true;
  }

  bool is_next(const SlotLaunched& fact) {
    if (has(fact.slot)) instances_.insert(fact.instance);
    return has(fact.slot);
  }

  bool is_next(const SlotFailed& fact) { return has(fact.slot); }

  bool is_next(const CreationStuck& fact) { return has(fact.slot); }

  bool is_next(const CreationFreed& fact) { return has(fact.slot); }

  bool is_next(const SlotCancelled& fact) { return has(fact.slot); }

  bool is_next(const InstanceRunning& fact) { return has_instance(fact.instance); }

  bool is_next(const InstanceTerminated& fact) { return has_instance(fact.instance); }

  bool is_next(const NodeRegistered& fact) {
    if (has_instance(fact.instance)) nodes_.insert(fact.node);
    return has(fact.node);
  }

  bool is_next(const NodeReady& fact) { return has(fact.node); }

  bool is_next(const MutationHandled& fact) {
    return fact.method == "NodeGroupIncreaseSize" && has(fact.loop, fact.group);
  }

  template <class Other>
  bool is_next(const Other&) {  // of no order
    return false;
  }

  std::set<std::pair<LoopId, std::string>> orders_;
  std::set<SlotId> slots_;
  std::set<std::string> instances_;
  std::set<NodeId> nodes_;
};

}  // namespace casim::sim

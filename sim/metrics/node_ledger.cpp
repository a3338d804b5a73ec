#include "sim/metrics/node_ledger.h"

#include <algorithm>
#include <cassert>

namespace casim::sim {

NodeRecord& NodeLedger::at(NodeId id) {
  assert(id.is_valid());
  if (id.value() >= nodes_.size()) nodes_.resize(id.value() + 1);
  return nodes_[id.value()];
}

void NodeLedger::on_node_gone(TimePoint now, NodeId id) {
  NodeRecord& node = at(id);
  node.gone = now;
  if (node.was_ready()) --ready_now_;
}

void NodeLedger::on_fact(TimePoint now, const Fact& fact) {
  if (const auto* f = std::get_if<NodeRegistered>(&fact)) {
    NodeRecord& node = at(f->node);
    node.name = f->name;
    node.instance = f->instance;
    node.group = f->group;
    node.registered = now;
  } else if (const auto* f = std::get_if<NodeReady>(&fact)) {
    NodeRecord& node = at(f->node);
    if (node.was_ready()) return;
    node.ready = now;
    peak_ready_ = std::max(peak_ready_, ++ready_now_);
  } else if (const auto* f = std::get_if<NodeGone>(&fact)) {
    on_node_gone(now, f->node);
  } else if (const auto* f = std::get_if<LoopStarted>(&fact)) {
    if (f->loop.value() >= loop_starts_.size()) loop_starts_.resize(f->loop.value() + 1);
    loop_starts_[f->loop.value()] = now;
  } else if (const auto* f = std::get_if<IncreaseSizeCommitted>(&fact)) {
    const bool in_loop = f->loop.is_valid() && f->loop.value() < loop_starts_.size();
    const TimePoint start = in_loop ? loop_starts_[f->loop.value()] : kBeforeAllTime;
    for (SlotId slot : f->slots) slots_[slot] = {start, now};
  } else if (const auto* f = std::get_if<SlotLaunched>(&fact)) {
    instances_[f->instance].slot = f->slot;
  } else if (const auto* f = std::get_if<InstanceLaunched>(&fact)) {
    instances_[f->instance].accepted = now;
  } else if (const auto* f = std::get_if<InstanceRunning>(&fact)) {
    instances_[f->instance].running = now;
  }
}

Provenance NodeLedger::provenance(NodeId id) const {
  Provenance p;
  const auto instance = instances_.find(nodes_.at(id.value()).instance);
  if (instance == instances_.end()) return p;
  p.accepted = instance->second.accepted;
  p.running = instance->second.running;
  const auto slot = slots_.find(instance->second.slot);
  if (slot == slots_.end()) return p;
  p.loop_start = slot->second.loop_start;
  p.committed = slot->second.committed;
  return p;
}

Duration NodeLedger::node_time(TimePoint end) const {
  Duration sum{};
  for (const NodeRecord& node : nodes_) {
    if (node.registered != kTimeNever) sum += std::min(node.gone, end) - node.registered;
  }
  return sum;
}

}  // namespace casim::sim

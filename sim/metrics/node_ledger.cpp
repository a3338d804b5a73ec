#include "sim/metrics/node_ledger.h"

#include <algorithm>
#include <cassert>

namespace casim::sim {

NodeRecord& NodeLedger::at(NodeId id) {
  assert(id.is_valid());
  if (id.value() >= nodes_.size()) nodes_.resize(id.value() + 1);
  return nodes_[id.value()];
}

void NodeLedger::on_fact(TimePoint now, const Fact& fact) {
  std::visit([this, now](const auto& f) { on(now, f); }, fact);
}

void NodeLedger::on(TimePoint now, const NodeRegistered& fact) {
  NodeRecord& node = at(fact.node);
  node.name = fact.name;
  node.instance = fact.instance;
  node.group = fact.group;
  node.registered = now;
}

void NodeLedger::on(TimePoint now, const NodeReady& fact) {
  NodeRecord& node = at(fact.node);
  if (!node.was_ready()) node.ready = now;
  set_ready(node, true);
}

void NodeLedger::on(TimePoint /*now*/, const NodeNotReady& fact) {
  set_ready(at(fact.node), false);
}

void NodeLedger::set_ready(NodeRecord& node, bool is_ready) {
  if (node.is_ready == is_ready) return;
  node.is_ready = is_ready;
  ready_now_ += is_ready ? 1 : -1;
  peak_ready_ = std::max(peak_ready_, ready_now_);
}

void NodeLedger::on(TimePoint now, const NodeGone& fact) {
  NodeRecord& node = at(fact.node);
  node.gone = now;
  set_ready(node, false);
}

void NodeLedger::on(TimePoint now, const LoopStarted& fact) {
  if (fact.loop.value() >= loop_starts_.size()) loop_starts_.resize(fact.loop.value() + 1);
  loop_starts_[fact.loop.value()] = now;
}

void NodeLedger::on(TimePoint now, const IncreaseSizeCommitted& fact) {
  const bool in_loop = fact.loop.is_valid() && fact.loop.value() < loop_starts_.size();
  const TimePoint start = in_loop ? loop_starts_[fact.loop.value()] : kBeforeAllTime;
  for (SlotId slot : fact.slots) slots_[slot] = {start, now};
}

void NodeLedger::on(TimePoint /*now*/, const SlotLaunched& fact) {
  instances_[fact.instance].slot = fact.slot;
}

void NodeLedger::on(TimePoint now, const InstanceLaunched& fact) {
  instances_[fact.instance].accepted = now;
}

void NodeLedger::on(TimePoint now, const InstanceRunning& fact) {
  instances_[fact.instance].running = now;
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

NodeTotals NodeLedger::totals(TimePoint end) const {
  NodeTotals out;
  Duration lived{};
  for (const NodeRecord& node : nodes_) {
    if (node.registered == kTimeNever) continue;
    ++out.registered;
    if (node.gone != kTimeNever) ++out.gone;
    lived += std::min(node.gone, end) - node.registered;
  }
  out.ready_peak = peak_ready_;
  out.ready_at_end = ready_now_;
  out.node_hours = to_seconds(lived) / 3600;
  return out;
}

void list_values(SummaryValues& out, const NodeTotals& nodes) {
  out.add("nodes.registered", ValueType::count("nodes"), nodes.registered,
          "nodes that joined the cluster, initial ones included");
  out.add("nodes.ready_peak", ValueType::count("nodes"), nodes.ready_peak,
          "most nodes that were Ready at one time");
  out.add("nodes.ready_at_end", ValueType::count("nodes"), nodes.ready_at_end,
          "nodes that were Ready at the end");
  out.add("nodes.gone", ValueType::count("nodes"), nodes.gone, "nodes that left the cluster");
  out.add("nodes.node_hours", ValueType::node_hours(), nodes.node_hours,
          "time between joining and leaving (or the end), over all nodes", Better::kLower);
}

}  // namespace casim::sim

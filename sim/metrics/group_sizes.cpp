#include "sim/metrics/group_sizes.h"

namespace casim::sim {

GroupSizes::GroupSizes(const WorldModel& world) : world_(world), sizes_(world.groups().size()) {
  for (std::size_t g = 0; g < sizes_.size(); ++g) {
    numbers_.emplace(world.groups()[g].name, g);
    if (!world.groups()[g].price) has_prices_ = false;
  }
}

void GroupSizes::on_fact(const Fact& fact) {
  std::visit([this](const auto& f) { on(f); }, fact);
}

std::optional<Price> GroupSizes::price() const {
  return has_prices_ ? std::optional(Price{micro_usd_per_hour_}) : std::nullopt;
}

void GroupSizes::on(const GroupTargetChanged& fact) {
  const auto found = numbers_.find(fact.group);
  if (found == numbers_.end()) return;
  change(found->second, fact.target, sizes_[found->second].schedulable);
}

void GroupSizes::on(const NodeRegistered& fact) {
  const auto found = numbers_.find(fact.group);
  if (found == numbers_.end()) return;
  NodeState& node = at(fact.node);
  node = {};
  node.group = found->second;
  node.is_ours = true;
}

void GroupSizes::on(const NodeReady& fact) {
  NodeState& node = at(fact.node);
  node.is_ready = true;
  count(node);
}

void GroupSizes::on(const NodeNotReady& fact) {
  NodeState& node = at(fact.node);
  node.is_ready = false;
  count(node);
}

void GroupSizes::on(const NodeTainted& fact) {
  NodeState& node = at(fact.node);
  node.is_leaving = fact.to_be_deleted;
  count(node);
}

void GroupSizes::on(const NodeGone& fact) {
  NodeState& node = at(fact.node);
  node.is_ready = false;
  count(node);
  node.is_ours = false;
}

GroupSizes::NodeState& GroupSizes::at(NodeId node) {
  if (node.value() >= nodes_.size()) nodes_.resize(node.value() + 1);
  return nodes_[node.value()];
}

void GroupSizes::count(NodeState& node) {
  const bool counts = node.is_ours && node.is_ready && !node.is_leaving;
  if (counts == node.counts) return;
  node.counts = counts;
  const Size& size = sizes_[node.group];
  change(node.group, size.target, size.schedulable + (counts ? 1 : -1));
}

void GroupSizes::change(std::size_t group, std::int64_t target, std::int64_t schedulable) {
  Size& size = sizes_[group];
  const std::int64_t more = schedulable - size.schedulable;
  target_ += target - size.target;
  schedulable_ += more;
  if (const auto& price = world_.groups()[group].price) {
    micro_usd_per_hour_ += more * price->micro_usd_per_hour;
  }
  unequal_ -= size.is_equal() ? 0 : 1;
  size = {target, schedulable};
  unequal_ += size.is_equal() ? 0 : 1;
}

}  // namespace casim::sim

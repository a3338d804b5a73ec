#include "sim/autoscaler/simulator/snapshot.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

void Snapshot::reset(std::vector<NodeInfoPtr> nodes, LoopId by) {
  assert(forks_.empty());
  if (policy_ != nullptr) draws_ = policy_->draws({"snapshot-nodes", by});
  scans_ = 0;
  slots_.clear();
  order_.clear();
  names_.clear();
  undo_.clear();
  anti_affinity_pods_ = 0;
  slots_.reserve(nodes.size());
  names_.reserve(nodes.size());
  for (NodeInfoPtr& node : nodes) add(std::move(node));
}

std::optional<Slot> Snapshot::find(std::string_view name) const {
  const auto entry = names_.find(name);
  if (entry == names_.end()) return std::nullopt;
  return entry->second;
}

void Snapshot::note(Undo undo) {
  if (!forks_.empty()) undo_.push_back(std::move(undo));
}

void Snapshot::fork(std::string_view purpose) {
  forks_.push_back(Fork{undo_.size(), order_.size(), draws_, scans_});
  if (policy_ != nullptr) draws_ = Random(draws_.bits(purpose, scans_, 0));
  scans_ = 0;
}

void Snapshot::leave_fork() {
  draws_ = forks_.back().draws;
  scans_ = forks_.back().scans;
  forks_.pop_back();
}

void Snapshot::revert() {
  assert(!forks_.empty());
  const std::size_t from = forks_.back().steps;
  while (undo_.size() > from) {
    std::visit([this](auto& step) { undo(step); }, undo_.back());
    undo_.pop_back();
  }
  leave_fork();
}

void Snapshot::commit() {
  assert(!forks_.empty());
  leave_fork();
  if (forks_.empty()) undo_.clear();
}

Slot Snapshot::add(NodeInfoPtr node) {
  assert(!names_.contains(node->node->name));
  names_.emplace(node->node->name, static_cast<Slot>(slots_.size()));
  return append(std::move(node), true);
}

Slot Snapshot::add_unnamed(NodeInfoPtr node) { return append(std::move(node), false); }

Slot Snapshot::append(NodeInfoPtr node, bool named) {
  const Slot slot = static_cast<Slot>(slots_.size());
  anti_affinity_pods_ += node->anti_affinity_pods;
  // Never written through while it is marked shared.
  slots_.push_back(std::const_pointer_cast<NodeInfo>(std::move(node)));
  shared_.resize(slots_.size());
  shared_[slot] = true;
  order_.push_back(slot);
  if (policy_ != nullptr) shuffle_in_newest(named);
  note(Added{slot, named});
  return slot;
}

// Any place among those added since the fork is as likely as any other.
void Snapshot::shuffle_in_newest(bool named) {
  const std::size_t added = order_.size() - first_added();
  const std::string_view name = named ? slots_[order_.back()]->node->name : std::string_view();
  const std::uint64_t back = draws_.index(name, named ? 0 : added, 0, added);
  std::swap(order_.back(), order_[order_.size() - 1 - back]);
}

Slot Snapshot::draw(Shuffle& shuffle) {
  const std::size_t next = shuffle.from + shuffle.visited;
  const std::uint64_t other =
      draws_.index("scan", shuffle.scan, shuffle.visited, order_.size() - next);
  ++shuffle.visited;
  std::swap(order_[next], order_[next + other]);
  return order_[next];
}

void Snapshot::remove(Slot slot) {
  const auto place = std::find(order_.begin(), order_.end(), slot);
  assert(place != order_.end());
  const auto index = static_cast<std::size_t>(place - order_.begin());
  order_.erase(place);
  names_.erase(slots_[slot]->node->name);
  anti_affinity_pods_ -= slots_[slot]->anti_affinity_pods;
  const std::size_t depth = depth_below(index);
  for (std::size_t i = depth; i < forks_.size(); ++i) --forks_[i].nodes;
  note(Removed{slot, index, depth});
}

std::size_t Snapshot::depth_below(std::size_t index) const {
  const auto fork = std::find_if(forks_.begin(), forks_.end(),
                                 [index](const Fork& f) { return f.nodes > index; });
  return static_cast<std::size_t>(fork - forks_.begin());
}

NodeInfo& Snapshot::own(Slot slot) {
  if (shared_[slot]) {
    auto copy = std::make_shared<NodeInfo>(*slots_[slot]);
    note(Replaced{slot, slots_[slot]});
    slots_[slot] = std::move(copy);
    shared_[slot] = false;
  }
  return *slots_[slot];
}

void Snapshot::set(Slot slot, std::shared_ptr<NodeInfo> node) {
  anti_affinity_pods_ += node->anti_affinity_pods - slots_[slot]->anti_affinity_pods;
  slots_[slot] = std::move(node);
}

void Snapshot::replace(Slot slot, NodeInfoPtr node) {
  assert(node->node->name == slots_[slot]->node->name);
  note(Replaced{slot, slots_[slot]});
  set(slot, std::const_pointer_cast<NodeInfo>(std::move(node)));
  shared_[slot] = true;
}

void Snapshot::place(Slot slot, PodPtr pod) {
  NodeInfo& node = own(slot);
  if (!pod->spec->pod_anti_affinity.empty()) ++anti_affinity_pods_;
  node.add(std::move(pod));
  note(Placed{slot});
}

void Snapshot::undo(Placed& step) {
  NodeInfo& node = *slots_[step.slot];
  if (!node.pods.back()->spec->pod_anti_affinity.empty()) --anti_affinity_pods_;
  node.remove_last();
}

void Snapshot::undo(Replaced& step) {
  // It may be the caller's again: the next change copies it, at worst once too often.
  set(step.slot, std::move(step.before));
  shared_[step.slot] = true;
}

void Snapshot::undo(Added& step) {
  if (step.named) names_.erase(slots_[step.slot]->node->name);
  anti_affinity_pods_ -= slots_[step.slot]->anti_affinity_pods;
  // Near the end, since nothing below the fork has changed places.
  const auto place = std::find(order_.rbegin(), order_.rend(), step.slot);
  assert(place != order_.rend());
  order_.erase(std::next(place).base());
  // Steps are undone in reverse, so the slot is the newest.
  slots_.pop_back();
}

void Snapshot::undo(Removed& step) {
  order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(step.index), step.slot);
  for (std::size_t i = step.depth; i < forks_.size(); ++i) ++forks_[i].nodes;
  names_.emplace(slots_[step.slot]->node->name, step.slot);
  anti_affinity_pods_ += slots_[step.slot]->anti_affinity_pods;
}

}  // namespace casim::sim

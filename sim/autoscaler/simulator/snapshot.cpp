#include "sim/autoscaler/simulator/snapshot.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

void Snapshot::clear() {
  assert(forks_.empty());
  slots_.clear();
  order_.clear();
  shuffled_ = 0;
  unnamed_.clear();
  names_.clear();
  ++resets_;
  undo_.clear();
  anti_affinity_pods_ = 0;
}

void Snapshot::reset(std::vector<NodeInfoPtr> nodes, LoopId by) {
  clear();
  if (policy_ != nullptr) draws_ = policy_->draws({"snapshot-nodes", by});
  scans_ = 0;
  slots_.reserve(nodes.size());
  for (NodeInfoPtr& node : nodes) add(std::move(node));
}

std::optional<Slot> Snapshot::find(std::string_view name) const {
  const auto entry = names_.find(name);
  if (entry != names_.end()) return entry->second;
  const auto id = ids_.find(name);
  return id == ids_.end() ? std::nullopt : find(id->second);
}

std::optional<Slot> Snapshot::find(NodeId id) const {
  if (resets_ == 0 || id.value() >= by_id_.size()) return std::nullopt;
  const Place& place = by_id_[id.value()];
  return place.reset == resets_ ? std::optional<Slot>(place.slot) : std::nullopt;
}

std::vector<NodePtr> Snapshot::nodes() const {
  std::vector<NodePtr> nodes;
  nodes.reserve(order_.size());
  for (const Slot slot : order()) nodes.push_back(slots_[slot]->node);
  return nodes;
}

void Snapshot::name(const Node& node, Slot slot) {
  if (!node.id) {
    names_.emplace(node.name, slot);
    return;
  }
  if (resets_ == 0) ++resets_;  // the first, without a reset; 0 stands for none
  const std::size_t id = node.id.value();
  if (id >= by_id_.size()) by_id_.resize(id + 1);
  Place& place = by_id_[id];
  place.slot = slot;
  place.reset = resets_;
  if (place.is_named) return;
  place.is_named = true;
  ids_[node.name] = node.id;
}

void Snapshot::unname(const Node& node) {
  if (node.id) {
    by_id_[node.id.value()].reset = 0;
  } else {
    names_.erase(node.name);
  }
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
  shuffle_in();
  leave_fork();
  if (!forks_.empty()) return;
  undo_.clear();
  shuffled_ = order_.size();
}

Slot Snapshot::add(NodeInfoPtr node) {
  assert(node->node->id ? !find(node->node->id) : !find(node->node->name));
  name(*node->node, static_cast<Slot>(slots_.size()));
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
  unnamed_.push_back(!named);
  if (policy_ != nullptr && !forks_.empty())
    shuffle_in(draws_, order_.size() - 1, first_added(), named);
  note(Added{slot, named});
  return slot;
}

void Snapshot::shuffle_in(const Random& draws, std::size_t index, std::size_t first,
                          bool named) const {
  const std::size_t added = index + 1 - first;
  const std::string_view name = named ? slots_[order_[index]]->node->name : std::string_view();
  const std::uint64_t back = draws.index(name, named ? 0 : added, 0, added);
  std::swap(order_[index], order_[index - back]);
}

void Snapshot::shuffle_in() const {
  const std::size_t outside = forks_.empty() ? order_.size() : forks_.front().nodes;
  if (policy_ == nullptr || shuffled_ >= outside) return;
  const Random& draws = forks_.empty() ? draws_ : forks_.front().draws;
  for (; shuffled_ < outside; ++shuffled_)
    shuffle_in(draws, shuffled_, 0, !unnamed_[order_[shuffled_]]);
}

Snapshot::Shuffle Snapshot::begin_scan() {
  return {policy_ == nullptr ? order_.size() : first_added(), Draws(draws_, "scan", scans_++)};
}

void Snapshot::scan_in_vain() {
  if (order_.empty()) return;
  shuffle_in();
  Shuffle shuffle = begin_scan();
  for (std::size_t i = shuffle.from; i < order_.size(); ++i) draw(shuffle);
}

void Snapshot::remove(Slot slot) {
  shuffle_in();
  const auto place = std::find(order_.begin(), order_.end(), slot);
  assert(place != order_.end());
  const auto index = static_cast<std::size_t>(place - order_.begin());
  order_.erase(place);
  unname(*slots_[slot]->node);
  anti_affinity_pods_ -= slots_[slot]->anti_affinity_pods;
  const std::size_t depth = depth_below(index);
  if (depth == 0 && policy_ != nullptr) --shuffled_;
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
  if (step.named) unname(*slots_[step.slot]->node);
  anti_affinity_pods_ -= slots_[step.slot]->anti_affinity_pods;
  // Near the end, since nothing below the fork has changed places.
  const auto place = std::find(order_.rbegin(), order_.rend(), step.slot);
  assert(place != order_.rend());
  order_.erase(std::next(place).base());
  // Steps are undone in reverse, so the slot is the newest.
  slots_.pop_back();
  unnamed_.pop_back();
}

void Snapshot::undo(Removed& step) {
  order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(step.index), step.slot);
  for (std::size_t i = step.depth; i < forks_.size(); ++i) ++forks_[i].nodes;
  if (step.depth == 0 && policy_ != nullptr) ++shuffled_;
  name(*slots_[step.slot]->node, step.slot);
  anti_affinity_pods_ += slots_[step.slot]->anti_affinity_pods;
}

}  // namespace casim::sim

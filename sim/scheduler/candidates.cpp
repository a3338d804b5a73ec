// Keeping the picture of the nodes up to date.
#include "sim/scheduler/candidates.h"

#include <algorithm>
#include <cassert>

#include "src/core/random.h"

namespace casim::sim {

ClassCandidates::ClassCandidates(NodeTable& nodes, WindowScorer& scorer, const PodClass& pod_class)
    : nodes_(nodes), scorer_(scorer), class_(pod_class), topology_(nodes, pod_class) {
  nodes_.order();
  forget_all();
}

void ClassCandidates::forget_all() {
  cursor_ = nodes_.end_change();
  verdicts_.assign(verdicts_.size(), kUnknown);
  has_object_.assign(has_object_.size(), false);
  kind_ids_.clear();
  kinds_.clear();
  free_kinds_.clear();
  add_kind(ScoreKey{});
  known_ = feasible_ = 0;
  refused_.fill(0);
  resolvable_ = 0;
  topology_.learn();
  if (!topology_.is_empty()) {
    for (const NodeId node : nodes_.order()) topology_.update(node);
  }
  repack();
}

// Nodes that were never judged stay unknown.
void ClassCandidates::sync() {
  const std::size_t size = nodes_.order().size();
  if (cursor_ < nodes_.first_change() || topology_.learn()) return forget_all();
  const bool is_packed = order_version_ == nodes_.order_version() && size_ == size;
  for (; cursor_ < nodes_.end_change(); ++cursor_) apply(nodes_.change(cursor_), is_packed);
  if (!is_packed) repack();
}

void ClassCandidates::apply(NodeTable::Change change, bool is_packed) {
  if (!topology_.is_empty()) topology_.update(change.node, change.object);
  const std::size_t at = change.node.value();
  if (at >= verdicts_.size()) return;  // never judged
  const Verdict old = verdicts_[at];
  if (old != kUnknown) count(change.node, old, -1);
  if (change.object) has_object_[at] = false;
  if (old == kUnknown) return;
  const SchedulerNodeInfo& room = nodes_[change.node];
  const Kind old_kind = kind_of_node_[at];
  verdicts_[at] = kUnknown;
  if (!room.node) return;
  verdicts_[at] = judge(change.node);
  count(change.node, verdicts_[at], 1);
  if (!is_packed) return;
  packed_[room.position] = kUnknown;  // the sums of the others must not count it
  if (old >= 0) take_from_sums(room.position, old, old_kind);
  packed_[room.position] = verdicts_[at];
  packed_kinds_[room.position] = kind_of_node_[at];
  if (verdicts_[at] >= 0) add_to_sums(room.position);
}

void ClassCandidates::take_from_sums(std::size_t position, Verdict old, Kind kind) {
  Block& block = blocks_[position / kBlock];
  if (!is_listed(position / kBlock)) block.is_summed = false;
  if (!block.is_summed) return;
  KindList& list = block_kinds_[position / kBlock];
  std::size_t k = 0;
  while (list[k].kind != kind) ++k;
  list[k].nodes.remove(position % kBlock);
  block.feasible.remove(position % kBlock);
  --block.count;
  if (list[k].nodes.empty()) {
    list[k] = list[--block.kind_count];
  } else if (old == list[k].best) {
    list[k].best = best_of(position / kBlock, list[k].nodes);
  }
  if (old == block.best) sum_best(position / kBlock);
}

void ClassCandidates::add_to_sums(std::size_t position) {
  Block& block = blocks_[position / kBlock];
  if (!is_listed(position / kBlock)) block.is_summed = false;
  if (!block.is_summed) return;
  KindList& list = block_kinds_[position / kBlock];
  const Kind kind = packed_kinds_[position];
  std::size_t k = 0;
  while (k < block.kind_count && list[k].kind != kind) ++k;
  if (k >= kListedKinds) {
    block.is_summed = false;
    return;
  }
  if (k == block.kind_count) list[block.kind_count++] = {kind, 0, Mask()};
  list[k].nodes.add(position % kBlock);
  list[k].best = std::max(list[k].best, packed_[position]);
  block.feasible.add(position % kBlock);
  ++block.count;
  block.best = std::max(block.best, packed_[position]);
}

void ClassCandidates::sum_best(std::size_t index) {
  blocks_[index].best = kUnknown;
  for (const KindBest& one : kinds_of(index)) {
    blocks_[index].best = std::max(blocks_[index].best, one.best);
  }
}

void ClassCandidates::repack() {
  const std::vector<NodeId>& order = nodes_.order();
  order_version_ = nodes_.order_version();
  size_ = order.size();
  blocks_.assign((size_ + kBlock - 1) / kBlock, Block{});
  block_kinds_.resize(blocks_.size());
  packed_.assign(blocks_.size() * kBlock, kPadding);
  packed_kinds_.assign(packed_.size(), Kind{0});
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t at = order[i].value();
    if (at >= verdicts_.size()) {
      verdicts_.resize(at + 1, kUnknown);
      kind_of_node_.resize(at + 1);
      objects_.resize(at + 1);
      has_object_.resize(at + 1, false);
    }
    packed_[i] = verdicts_[at];
    packed_kinds_[i] = kind_of_node_[at];
  }
}

ClassCandidates::Verdict ClassCandidates::judge(NodeId node) {
  const SchedulerNodeInfo& room = nodes_[node];
  if (!has_object_[node.value()]) {
    objects_[node.value()] = judge_object(class_, *room.node);
    has_object_[node.value()] = true;
  }
  Reasons reasons = objects_[node.value()].reasons;
  if (reasons == 0) {
    reasons = is_reserved(room) ? judge_ports_and_resources(class_, with_nominated(room))
                                : judge_ports_and_resources(class_, room);
  }
  if (reasons != 0) return static_cast<Verdict>(-static_cast<int>(reasons));
  kind_of_node_[node.value()] = kind_of(node);
  return static_cast<Verdict>(base_score(class_, room));
}

ClassCandidates::Kind ClassCandidates::kind_of(NodeId node) {
  const SchedulerNodeInfo& room = nodes_[node];
  const ObjectVerdict& object = objects_[node.value()];
  ScoreKey key;
  key.soft_taints = object.soft_taints;
  key.preferred = object.preferred;
  key.images = image_fingerprint(class_, room);
  if (!topology_.is_empty()) {
    topology_.place_of(node, place_);
    for (const std::int64_t one : place_) {
      key.place = hash_combine(key.place + 1, static_cast<std::uint64_t>(one));
    }
    if (topology_.has_filters() && is_reserved(room)) key.nominated = node;
  }
  const auto known = kind_ids_.find(key);
  if (known != kind_ids_.end()) return known->second;
  const Kind kind = add_kind(key);
  if (!topology_.is_empty()) kinds_[kind].place = place_;
  if (topology_.has_filters()) kinds_[kind].refused = refuse(kinds_[kind]);
  return kind;
}

ClassCandidates::Kind ClassCandidates::add_kind(const ScoreKey& key) {
  auto kind = static_cast<Kind>(kinds_.size());
  if (free_kinds_.empty()) {
    kinds_.emplace_back();
  } else {
    kind = free_kinds_.back();
    free_kinds_.pop_back();
  }
  kinds_[kind].key = key;
  kind_ids_.emplace(key, kind);
  return kind;
}

// A kind without nodes is forgotten, but for the first, which nothing speaks for or against.
void ClassCandidates::count_kind(Kind kind, int by) {
  KindState& state = kinds_[kind];
  state.nodes += by;
  if (state.nodes > 0 || kind == 0) return;
  kind_ids_.erase(state.key);
  state = KindState{};
  free_kinds_.push_back(kind);
}

Reasons ClassCandidates::judge_one(NodeId node) {
  sync();
  const std::size_t at = node.value();
  if (verdicts_[at] == kUnknown) {
    verdicts_[at] = judge(node);
    count(node, verdicts_[at], 1);
    packed_[nodes_[node].position] = verdicts_[at];
    packed_kinds_[nodes_[node].position] = kind_of_node_[at];
    blocks_[nodes_[node].position / kBlock].is_summed = false;
  }
  if (verdicts_[at] < 0) return static_cast<Reasons>(-verdicts_[at]);
  judge_kinds();
  return filters_ ? kinds_[kind_of_node_[at]].refused : 0;
}

Reasons ClassCandidates::judge_target(NodeId node) {
  const Reasons reasons = judge_one(node);
  const bool is_left_to_topology = filters_ && verdicts_[node.value()] >= 0;
  return is_left_to_topology ? topology_.refuse_target(node) : reasons;
}

void ClassCandidates::count(NodeId node, Verdict verdict, int by) {
  const auto step = static_cast<std::size_t>(by);  // -1 wraps around, as sums do
  known_ += step;
  if (verdict >= 0) {
    feasible_ += step;
    count_kind(kind_of_node_[node.value()], by);
    return;
  }
  const auto reasons = static_cast<Reasons>(-verdict);
  for (int i = 0; i < kOwnReasonCount; ++i) {
    if (reasons >> i & 1) refused_[static_cast<std::size_t>(i)] += by;
  }
  if ((reasons & kUnresolvable) == 0) resolvable_ += by;
}

void ClassCandidates::refresh(std::size_t index) {
  Block& block = blocks_[index];
  const std::size_t begin = index * kBlock;
  const std::size_t end = std::min(begin + kBlock, size_);
  for (std::size_t i = begin; block.has_unknown && i < end; ++i) {
    if (packed_[i] != kUnknown) continue;
    const NodeId node = nodes_.order()[i];
    packed_[i] = verdicts_[node.value()] = judge(node);
    packed_kinds_[i] = kind_of_node_[node.value()];
    count(node, packed_[i], 1);
  }
  block.is_summed = true;
  block.has_unknown = false;
  block.feasible = Mask::where(packed_.data() + begin, [](Verdict one) { return one >= 0; });
  block.best = best_of(index, block.feasible);
  block.count = static_cast<std::uint8_t>(block.feasible.count());
  list_kinds(index);
}

// Of some of the block's feasible nodes.
ClassCandidates::Verdict ClassCandidates::best_of(std::size_t index, const Mask& nodes) const {
  const Verdict* const verdicts = packed_.data() + index * kBlock;
  Verdict best = kUnknown;
  if (nodes == blocks_[index].feasible) {
    // Over all: a fixed length lets the compiler take many at a time.
    for (std::size_t i = 0; i < kBlock; ++i) best = std::max(best, verdicts[i]);
  } else {
    nodes.for_each([&](std::size_t i) { best = std::max(best, verdicts[i]); });
  }
  return best;
}

void ClassCandidates::list_kinds(std::size_t index) {
  Block& block = blocks_[index];
  KindList& list = block_kinds_[index];
  block.kind_count = 0;
  if (block.feasible.empty()) return;
  if (kind_ids_.size() == 1) {
    block.kind_count = 1;
    list[0] = {Kind{0}, block.best, block.feasible};
    return;
  }
  const std::size_t begin = index * kBlock;
  block.feasible.for_each([&](std::size_t i) {
    const Kind kind = packed_kinds_[begin + i];
    std::uint8_t& slot = kinds_[kind].slot;
    if (slot == kNoSlot) {
      if (block.kind_count >= kListedKinds) {
        block.kind_count = kListedKinds + 1;
        return;
      }
      slot = block.kind_count++;
      list[slot] = {kind, packed_[begin + i], Mask()};
    }
    list[slot].best = std::max(list[slot].best, packed_[begin + i]);
    list[slot].nodes.add(i);
  });
  for (std::size_t k = 0; k < std::min<std::size_t>(block.kind_count, kListedKinds); ++k) {
    kinds_[list[k].kind].slot = kNoSlot;
  }
}

}  // namespace casim::sim

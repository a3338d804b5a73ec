// Keeping the picture of the nodes up to date.
#include "sim/scheduler/candidates.h"

#include <algorithm>
#include <cassert>

#include "src/core/random.h"

namespace casim::sim {

ClassCandidates::ClassCandidates(NodeTable& nodes, WindowScorer& scorer, ClassId id,
                                 const PodClass& pod_class)
    : nodes_(nodes), scorer_(scorer), id_(id), class_(pod_class) {
  nodes_.order();
  forget_all();
}

void ClassCandidates::forget_all() {
  cursor_ = nodes_.end_change();
  verdicts_.assign(verdicts_.size(), kUnknown);
  has_object_.assign(has_object_.size(), false);
  kind_ids_.clear();
  kind_ids_.emplace(ScoreKey{}, Kind{0});
  known_ = feasible_ = 0;
  refused_.fill(0);
  taint_sum_ = 0;
  repack();
}

// Nodes that were never judged stay unknown.
void ClassCandidates::sync() {
  const std::size_t size = nodes_.order().size();
  if (cursor_ < nodes_.first_change() || kind_ids_.size() > 60'000) return forget_all();
  const bool is_packed = order_version_ == nodes_.order_version() && size_ == size;
  for (; cursor_ < nodes_.end_change(); ++cursor_) apply(nodes_.change(cursor_), is_packed);
  if (!is_packed) repack();
}

void ClassCandidates::apply(NodeTable::Change change, bool is_packed) {
  const std::size_t at = change.node.value();
  if (at >= verdicts_.size()) return;  // never judged
  const Verdict old = verdicts_[at];
  if (old != kUnknown) count(change.node, old, -1);
  if (change.object) has_object_[at] = false;
  if (old == kUnknown) return;
  const NodeRoom& room = nodes_[change.node];
  verdicts_[at] = kUnknown;
  if (!room.node) return;
  verdicts_[at] = judge(change.node);
  count(change.node, verdicts_[at], 1);
  if (!is_packed) return;
  packed_[room.position] = verdicts_[at];
  packed_kinds_[room.position] = kinds_[at];
  blocks_[room.position / kBlock].is_summed = false;
}

void ClassCandidates::repack() {
  const std::vector<NodeId>& order = nodes_.order();
  order_version_ = nodes_.order_version();
  size_ = order.size();
  blocks_.assign((size_ + kBlock - 1) / kBlock, Block{});
  packed_.assign(blocks_.size() * kBlock, kPadding);
  packed_kinds_.assign(packed_.size(), Kind{0});
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t at = order[i].value();
    if (at >= verdicts_.size()) {
      verdicts_.resize(at + 1, kUnknown);
      kinds_.resize(at + 1);
      objects_.resize(at + 1);
      has_object_.resize(at + 1, false);
    }
    packed_[i] = verdicts_[at];
    packed_kinds_[i] = kinds_[at];
  }
}

ClassCandidates::Verdict ClassCandidates::judge(NodeId node) {
  const NodeRoom& room = nodes_[node];
  if (!has_object_[node.value()]) {
    objects_[node.value()] = judge_object(class_, *room.node);
    has_object_[node.value()] = true;
  }
  Reasons reasons = objects_[node.value()].reasons;
  if (reasons == 0) reasons = judge_room(class_, room);
  if (reasons != 0) return static_cast<Verdict>(-static_cast<int>(reasons));
  kinds_[node.value()] = kind_of(node);
  return static_cast<Verdict>(base_score(class_, room));
}

ClassCandidates::Kind ClassCandidates::kind_of(NodeId node) {
  const ObjectVerdict& object = objects_[node.value()];
  const ScoreKey key =
      scorer_.key_of(id_, class_, nodes_[node], object.soft_taints, object.preferred);
  if (key == ScoreKey{}) return 0;
  return kind_ids_.emplace(key, static_cast<Kind>(kind_ids_.size())).first->second;
}

Reasons ClassCandidates::judge_one(NodeId node) {
  sync();
  const Verdict known = verdicts_[node.value()];
  const Verdict verdict = known != kUnknown ? known : judge(node);
  return verdict >= 0 ? Reasons{0} : static_cast<Reasons>(-verdict);
}

void ClassCandidates::count(NodeId node, Verdict verdict, int by) {
  const auto step = static_cast<std::size_t>(by);  // -1 wraps around, as sums do
  known_ += step;
  if (verdict >= 0) {
    feasible_ += step;
    return;
  }
  const auto reasons = static_cast<Reasons>(-verdict);
  for (int i = 0; i < kReasonCount; ++i) {
    if (reasons >> i & 1) refused_[static_cast<std::size_t>(i)] += by;
  }
  const std::uint64_t hash = objects_[node.value()].taint_hash;
  if (reasons & kTaint) taint_sum_ += hash * static_cast<std::uint64_t>(by);
}

void ClassCandidates::refresh(std::size_t index) {
  Block& block = blocks_[index];
  const std::size_t begin = index * kBlock;
  const std::size_t end = std::min(begin + kBlock, size_);
  for (std::size_t i = begin; block.has_unknown && i < end; ++i) {
    if (packed_[i] != kUnknown) continue;
    const NodeId node = nodes_.order()[i];
    packed_[i] = verdicts_[node.value()] = judge(node);
    packed_kinds_[i] = kinds_[node.value()];
    count(node, packed_[i], 1);
  }
  // Over the padding too: a fixed length lets the compiler take eight at a time.
  const Verdict* const verdicts = packed_.data() + begin;
  Verdict best = kUnknown;
  std::int16_t feasible = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    best = std::max(best, verdicts[i]);
    feasible = static_cast<std::int16_t>(feasible + (verdicts[i] >= 0 ? 1 : 0));
  }
  block = {true, false, feasible, best};
}

Refusal ClassCandidates::refusal() const {
  Refusal result;
  result.message = hash_combine(size_, taint_sum_);
  for (int i = 0; i < kReasonCount; ++i) {
    const std::int64_t refused = refused_[static_cast<std::size_t>(i)];
    if (refused > 0) result.reasons = static_cast<Reasons>(result.reasons | (1 << i));
    result.message = hash_combine(result.message, static_cast<std::uint64_t>(refused));
  }
  return result;
}

}  // namespace casim::sim

#include "sim/scheduler/candidates.h"

#include <algorithm>
#include <cassert>

#include "sim/scheduler/heap_root.h"
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
  known_ = feasible_ = soft_ = 0;
  refused_.fill(0);
  taint_sum_ = 0;
  repack();
}

// Brings the picture up to date. Nodes that were never judged stay unknown.
void ClassCandidates::sync() {
  const std::size_t size = nodes_.order().size();
  if (cursor_ < nodes_.first_change()) return forget_all();
  const bool is_packed = order_version_ == nodes_.order_version() && packed_.size() == size;
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
  const NodeRoom& info = nodes_[change.node];
  verdicts_[at] = kUnknown;
  if (!info.node) return;
  verdicts_[at] = judge(change.node);
  count(change.node, verdicts_[at], 1);
  if (!is_packed) return;
  packed_[info.position] = verdicts_[at];
  blocks_[info.position / kBlock].is_known = false;
}

void ClassCandidates::repack() {
  const std::vector<NodeId>& order = nodes_.order();
  order_version_ = nodes_.order_version();
  packed_.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t at = order[i].value();
    if (at >= verdicts_.size()) {
      verdicts_.resize(at + 1, kUnknown);
      objects_.resize(at + 1);
      has_object_.resize(at + 1, false);
    }
    packed_[i] = verdicts_[at];
  }
  blocks_.assign((order.size() + kBlock - 1) / kBlock, Block{});
}

ClassCandidates::Verdict ClassCandidates::judge(NodeId node) {
  const NodeRoom& info = nodes_[node];
  if (!has_object_[node.value()]) {
    objects_[node.value()] = judge_object(class_, *info.node);
    has_object_[node.value()] = true;
  }
  Reasons reasons = objects_[node.value()].reasons;
  if (reasons == 0) reasons = judge_room(class_, info);
  if (reasons != 0) return static_cast<Verdict>(-static_cast<int>(reasons));
  return static_cast<Verdict>(base_score(class_, info));
}

Reasons ClassCandidates::judge_one(NodeId node) {
  sync();
  const Verdict known = verdicts_[node.value()];
  const Verdict verdict = known != kUnknown ? known : judge(node);
  return verdict >= 0 ? Reasons{0} : static_cast<Reasons>(-verdict);
}

void ClassCandidates::count(NodeId node, Verdict verdict, int by) {
  const ObjectVerdict& object = objects_[node.value()];
  const auto step = static_cast<std::size_t>(by);  // -1 wraps around, as sums do
  known_ += step;
  if (verdict >= 0) {
    feasible_ += step;
    if (object.soft_taints > 0) soft_ += step;
    return;
  }
  const auto reasons = static_cast<Reasons>(-verdict);
  for (int i = 0; i < kReasonCount; ++i) {
    if (reasons >> i & 1) refused_[static_cast<std::size_t>(i)] += by;
  }
  if (reasons & kTaint) taint_sum_ += object.taint_hash * static_cast<std::uint64_t>(by);
}

void ClassCandidates::refresh(std::size_t index) {
  Block& block = blocks_[index];
  const std::size_t begin = index * kBlock;
  const std::size_t end = std::min(begin + kBlock, packed_.size());
  for (std::size_t i = begin; i < end; ++i) {
    if (packed_[i] != kUnknown) continue;
    const NodeId node = nodes_.order()[i];
    packed_[i] = verdicts_[node.value()] = judge(node);
    count(node, packed_[i], 1);
  }
  Verdict best = INT16_MIN;
  std::int16_t feasible = 0;
  for (std::size_t i = begin; i < end; ++i) {
    best = std::max(best, packed_[i]);
    feasible = static_cast<std::int16_t>(feasible + (packed_[i] >= 0 ? 1 : 0));
  }
  block = {true, feasible, best};
}

// Examines [begin, end) of one block, or less if that gives all that are wanted.
ClassCandidates::Piece ClassCandidates::examine(std::size_t begin, std::size_t end,
                                                std::uint32_t rank, std::size_t want,
                                                std::size_t& found) {
  const std::size_t index = begin / kBlock;
  if (!blocks_[index].is_known) refresh(index);
  const Block& block = blocks_[index];
  const bool is_whole = begin % kBlock == 0 && (end % kBlock == 0 || end == packed_.size());
  Piece piece{begin, end, rank, block.best, false};
  if (is_whole && static_cast<std::size_t>(block.feasible) < want) {
    found = static_cast<std::size_t>(block.feasible);
    piece.is_all_feasible = found == end - begin;
    return piece;
  }
  found = 0;
  piece.best = INT16_MIN;
  std::size_t i = begin;
  for (; i < end && found < want; ++i) {
    piece.best = std::max(piece.best, packed_[i]);
    found += packed_[i] >= 0 ? 1 : 0;
  }
  piece.end = i;
  piece.is_all_feasible = found == i - begin;
  return piece;
}

Choice ClassCandidates::choose(std::size_t start, std::size_t want) {
  sync();
  const std::size_t size = packed_.size();
  if (known_ == size && feasible_ == 0) return {NodeId(), size};
  pieces_.clear();
  std::size_t examined = 0;
  std::size_t feasible = 0;
  std::size_t at = start;
  while (examined < size && feasible < want) {
    const std::size_t stop = std::min({(at / kBlock + 1) * kBlock, size, at + (size - examined)});
    std::size_t found = 0;
    const Piece piece =
        examine(at, stop, static_cast<std::uint32_t>(feasible), want - feasible, found);
    if (found > 0) pieces_.push_back(piece);
    feasible += found;
    examined += piece.end - at;
    at = piece.end == size ? 0 : piece.end;
  }
  if (feasible == 0) return {NodeId(), examined};
  if (feasible == 1) return {first_feasible(), examined};
  const bool by_window = soft_ > 0 || class_.spreads_by_default ||
                         !class_.spec->preferred_node_affinity.empty() ||
                         (!class_.spec->images.empty() && nodes_.any_images());
  return {by_window ? best_by_window() : best_by_base(), examined};
}

NodeId ClassCandidates::first_feasible() const {
  std::size_t i = pieces_.front().begin;
  while (packed_[i] < 0) ++i;
  return nodes_.order()[i];
}

NodeId ClassCandidates::best_by_base() const {
  Verdict best = 0;
  for (const Piece& piece : pieces_) best = std::max(best, piece.best);
  std::uint64_t first = UINT64_MAX;
  std::size_t chosen = 0;
  const auto consider = [&](std::uint32_t rank, std::size_t position) {
    const std::uint64_t key = heap_preorder(rank);
    if (key >= first) return;
    first = key;
    chosen = position;
  };
  for (const Piece& piece : pieces_) {
    if (piece.best != best) continue;
    std::uint32_t rank = piece.first_rank;
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      if (packed_[i] == best) consider(rank, i);
      rank += packed_[i] >= 0 ? 1 : 0;
    }
    if (first == heap_preorder(0)) break;  // the root of the heap
  }
  assert(first != UINT64_MAX);
  return nodes_.order()[chosen];
}

NodeId ClassCandidates::best_by_window() {
  window_.clear();
  const std::vector<NodeId>& order = nodes_.order();
  for (const Piece& piece : pieces_) {
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      if (packed_[i] < 0) continue;
      const ObjectVerdict& object = objects_[order[i].value()];
      window_.push_back({order[i], packed_[i], object.soft_taints, object.preferred});
    }
  }
  scorer_.score(id_, class_, window_);
  std::uint32_t chosen = 0;
  for (std::uint32_t i = 1; i < window_.size(); ++i) {
    const std::int32_t difference = window_[i].total - window_[chosen].total;
    if (difference > 0 || (difference == 0 && heap_preorder(i) < heap_preorder(chosen))) chosen = i;
  }
  return window_[chosen].node;
}

Refusal ClassCandidates::refusal() const {
  Refusal result;
  result.message = hash_combine(packed_.size(), taint_sum_);
  for (int i = 0; i < kReasonCount; ++i) {
    const std::int64_t refused = refused_[static_cast<std::size_t>(i)];
    if (refused > 0) result.reasons = static_cast<Reasons>(result.reasons | (1 << i));
    result.message = hash_combine(result.message, static_cast<std::uint64_t>(refused));
  }
  return result;
}

}  // namespace casim::sim

// Choosing among the candidates of a class.
#include <algorithm>
#include <cassert>

#include "sim/scheduler/candidates.h"
#include "sim/scheduler/heap_root.h"

namespace casim::sim {

Choice ClassCandidates::choose(std::size_t start, std::size_t want) {
  sync();
  judge_kinds();
  if (known_ == size_ && !any_feasible()) return {NodeId(), size_};
  pieces_.clear();
  found_ = 0;
  std::size_t examined = 0;
  std::size_t at = start;
  while (examined < size_ && found_ < want) {
    const std::size_t block = at / kBlock;
    const std::size_t begin = at % kBlock;
    const std::size_t end = std::min({kBlock, size_ - block * kBlock, begin + (size_ - examined)});
    std::size_t stop = end;
    const Piece piece = examine(block, begin, stop, want - found_);
    examined += stop - begin;
    at = block * kBlock + stop;
    if (at == size_) at = 0;
    if (piece.count == 0) continue;
    pieces_.push_back(piece);
    found_ += piece.count;
  }
  if (found_ == 0) return {NodeId(), examined};
  if (found_ == want) examined += count_refused(at, size_ - examined);
  return {found_ == 1 ? node_at(pieces_.front(), pieces_.front().nth(0)) : best(), examined};
}

// Examines positions [begin, end) of one block, or less if that gives all that are wanted.
ClassCandidates::Piece ClassCandidates::examine(std::size_t index, std::size_t begin,
                                                std::size_t& end, std::size_t want) {
  if (!blocks_[index].is_summed) refresh(index);
  const Block& block = blocks_[index];
  Piece piece;
  piece.block = index;
  piece.begin = begin;
  piece.first_rank = static_cast<std::uint32_t>(found_);
  const std::size_t first = index * kBlock;
  const bool is_all = begin == 0 && (end == kBlock || first + end == size_) && !filters_;
  if (is_all && block.count < want) {
    piece.mask = block.feasible;
    piece.count = block.count;
    piece.is_whole = true;
    piece.is_solid = piece.count == end;
    return piece;
  }
  piece.mask = (filters_ ? without_refused(index) : block.feasible) & Mask::range(begin, end);
  piece.count = piece.mask.count();
  if (piece.count >= want) {
    end = piece.mask.nth(want - 1) + 1;
    piece.mask = piece.mask & Mask::below(end);
    piece.count = want;
  }
  piece.is_whole = piece.count == block.count;
  piece.is_solid = piece.count == end - begin;
  return piece;
}

// Only one node too many tells the real search that it has enough [k8s: findNodesThatPassFilters].
std::size_t ClassCandidates::count_refused(std::size_t at, std::size_t limit) {
  std::size_t count = 0;
  while (count < limit) {
    const std::size_t block = at / kBlock;
    const std::size_t begin = at % kBlock;
    const std::size_t end = std::min({kBlock, size_ - block * kBlock, begin + (limit - count)});
    if (!blocks_[block].is_summed) refresh(block);
    const Mask& feasible = filters_ ? without_refused(block) : blocks_[block].feasible;
    const Mask here = feasible & Mask::range(begin, end);
    if (!here.empty()) return count + here.nth(0) - begin;
    count += end - begin;
    at = block * kBlock + end == size_ ? 0 : block * kBlock + end;
  }
  return count;
}

Mask ClassCandidates::without_refused(std::size_t index) const {
  Mask left;
  if (is_listed(index)) {
    for (const KindBest& one : kinds_of(index)) {
      if (kinds_[one.kind].refused == 0) left = left | one.nodes;
    }
    return left;
  }
  left = blocks_[index].feasible;
  blocks_[index].feasible.for_each([&](std::size_t i) {
    if (kinds_[packed_kinds_[index * kBlock + i]].refused != 0) left.remove(i);
  });
  return left;
}

bool ClassCandidates::any_feasible() const {
  if (!filters_) return feasible_ > 0;
  return std::any_of(kinds_.begin(), kinds_.end(),
                     [](const KindState& kind) { return kind.nodes > 0 && kind.refused == 0; });
}

NodeId ClassCandidates::node_at(const Piece& piece, std::size_t i) const {
  return nodes_.order()[piece.block * kBlock + i];
}

std::int32_t ClassCandidates::total_at(const Piece& piece, std::size_t i) const {
  const std::size_t at = piece.block * kBlock + i;
  return packed_[at] + (is_single_kind_ ? 0 : kinds_[packed_kinds_[at]].normalised);
}

NodeId ClassCandidates::best() {
  if (kind_ids_.size() > 1) meet_kinds();
  is_single_kind_ = kind_ids_.size() == 1 || met_.size() == 1;
  if (!is_single_kind_) score_kinds();
  std::int32_t max = -1;
  for (Piece& piece : pieces_) {
    piece.best = bound_of(piece);
    if (piece.is_whole && piece.best != kNoBound) max = std::max(max, piece.best);
  }
  // Of the others the bound may be too high; it matters only where it is not below the best.
  for (Piece& piece : pieces_) {
    if ((piece.is_whole && piece.best != kNoBound) || piece.best < max) continue;
    piece.best = -1;
    piece.mask.for_each(
        [&](std::size_t i) { piece.best = std::max(piece.best, total_at(piece, i)); });
    max = std::max(max, piece.best);
  }
  return first_of(max);
}

// The best total in the piece's block, of nodes that are feasible by themselves.
std::int32_t ClassCandidates::bound_of(const Piece& piece) const {
  if (is_single_kind_) return blocks_[piece.block].best;
  if (!is_listed(piece.block)) return kNoBound;
  std::int32_t best = -1;
  for (const KindBest& one : kinds_of(piece.block)) {
    best = std::max(best, one.best + kinds_[one.kind].normalised);
  }
  return best;
}

// One node of each kind among the feasible ones.
void ClassCandidates::meet_kinds() {
  met_.clear();
  met_kinds_.clear();
  const auto meet = [this](Kind kind, const Piece& piece, std::size_t i) {
    if (kinds_[kind].is_met) return;
    kinds_[kind].is_met = true;
    const NodeId node = node_at(piece, i);
    const ObjectVerdict& object = objects_[node.value()];
    met_.push_back({node, 0, object.soft_taints, object.preferred, 0});
    met_kinds_.push_back(kind);
  };
  for (const Piece& piece : pieces_) {
    if (!is_listed(piece.block)) {
      piece.mask.for_each(
          [&](std::size_t i) { meet(packed_kinds_[piece.block * kBlock + i], piece, i); });
      continue;
    }
    for (const KindBest& one : kinds_of(piece.block)) {
      if (kinds_[one.kind].is_met) continue;
      const Mask here = one.nodes & piece.mask;
      if (!here.empty()) meet(one.kind, piece, here.nth(0));
    }
  }
  for (const Kind kind : met_kinds_) kinds_[kind].is_met = false;
}

void ClassCandidates::score_kinds() {
  if (topology_.may_ignore_nodes()) count_met();
  scorer_.score(class_, topology_, found_, met_);
  for (std::size_t i = 0; i < met_.size(); ++i) {
    kinds_[met_kinds_[i]].normalised = met_[i].total;
  }
}

void ClassCandidates::count_met() {
  for (std::size_t m = 0; m < met_.size(); ++m) {
    kinds_[met_kinds_[m]].normalised = static_cast<std::int32_t>(m);
  }
  for (const Piece& piece : pieces_) {
    piece.mask.for_each([&](std::size_t i) {
      const Kind kind = packed_kinds_[piece.block * kBlock + i];
      ++met_[static_cast<std::size_t>(kinds_[kind].normalised)].stands_for;
    });
  }
}

// --- the first best one, as the heap's root goes

Mask ClassCandidates::where_total(const Piece& piece, std::int32_t total) const {
  const Verdict* const verdicts = packed_.data() + piece.block * kBlock;
  const auto equal = [&](std::int32_t value) {
    return piece.mask & Mask::where(verdicts, [value](Verdict one) { return one == value; });
  };
  if (is_single_kind_) return equal(total);
  Mask found;
  if (!is_listed(piece.block)) {
    piece.mask.for_each([&](std::size_t i) {
      if (total_at(piece, i) == total) found.add(i);
    });
    return found;
  }
  for (const KindBest& one : kinds_of(piece.block)) {
    const std::int32_t value = total - kinds_[one.kind].normalised;
    if (one.best >= value && !(one.nodes & piece.mask).empty()) {
      found = found | (one.nodes & equal(value));
    }
  }
  return found;
}

// Where the best ones are many a few steps through the heap suffice.
NodeId ClassCandidates::walk_heap(std::int32_t max) const {
  const auto size = static_cast<std::uint32_t>(found_);
  std::uint32_t rank = 0;
  const std::size_t limit = 2 * pieces_.size() + 8;  // looking everywhere costs as much
  for (std::size_t step = 0; step < limit && rank < size; ++step, rank = heap_next(rank, size)) {
    const auto after = std::upper_bound(
        pieces_.begin(), pieces_.end(), rank,
        [](std::uint32_t one, const Piece& piece) { return one < piece.first_rank; });
    const Piece& piece = *std::prev(after);
    if (piece.best != max) continue;
    const std::size_t i = piece.nth(rank - piece.first_rank);
    if (total_at(piece, i) == max) return node_at(piece, i);
  }
  return NodeId();
}

NodeId ClassCandidates::first_of(std::int32_t max) const {
  const auto with_max = static_cast<std::size_t>(std::count_if(
      pieces_.begin(), pieces_.end(), [&](const Piece& piece) { return piece.best == max; }));
  NodeId chosen = 2 * with_max > pieces_.size() ? walk_heap(max) : NodeId();
  if (chosen.is_valid()) return chosen;
  std::uint64_t first = UINT64_MAX;
  for (const Piece& piece : pieces_) {
    if (piece.best != max) continue;
    where_total(piece, max).for_each([&](std::size_t i) {
      const std::uint64_t order = heap_preorder(static_cast<std::uint32_t>(piece.rank_of(i)));
      if (order >= first) return;
      first = order;
      chosen = node_at(piece, i);
    });
  }
  assert(chosen.is_valid());
  return chosen;
}

}  // namespace casim::sim

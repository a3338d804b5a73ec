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
  start_ = start;
  found_ = 0;
  std::size_t examined = 0;
  std::size_t at = start;
  while (examined < size_ && found_ < want) {
    const std::size_t stop = std::min({(at / kBlock + 1) * kBlock, size_, at + (size_ - examined)});
    std::size_t found = 0;
    const Piece piece = examine(at, stop, static_cast<std::uint32_t>(found_), want - found_, found);
    if (found > 0) pieces_.push_back(piece);
    found_ += found;
    examined += piece.end - at;
    at = piece.end == size_ ? 0 : piece.end;
  }
  if (found_ == 0) return {NodeId(), examined};
  return {found_ == 1 ? first_feasible() : best(), examined};
}

// Examines [begin, end) of one block, or less if that gives all that are wanted.
ClassCandidates::Piece ClassCandidates::examine(std::size_t begin, std::size_t end,
                                                std::uint32_t rank, std::size_t want,
                                                std::size_t& found) {
  const std::size_t index = begin / kBlock;
  if (!blocks_[index].is_summed) refresh(index);
  const Block& block = blocks_[index];
  const std::size_t block_end = std::min((index + 1) * kBlock, size_);
  const auto feasible = static_cast<std::size_t>(block.feasible);
  const bool is_whole = begin == index * kBlock && end == block_end && !filters_;
  if (feasible == 0 || (is_whole && feasible < want)) {
    found = feasible;
    return {begin, end, rank, block.best};
  }
  found = 0;
  Verdict best = kUnknown;
  std::size_t i = begin;
  for (; i < end && found < want; ++i) {
    if (!is_feasible(i)) continue;
    best = std::max(best, packed_[i]);
    ++found;
  }
  return {begin, i, rank, best};
}

bool ClassCandidates::any_feasible() const {
  if (!filters_) return feasible_ > 0;
  return std::any_of(kinds_.begin(), kinds_.end(),
                     [](const KindState& kind) { return kind.nodes > 0 && kind.refused == 0; });
}

NodeId ClassCandidates::first_feasible() const {
  std::size_t i = pieces_.front().begin;
  while (!is_feasible(i)) ++i;
  return nodes_.order()[i];
}

NodeId ClassCandidates::best() {
  if (kind_ids_.size() > 1) meet_kinds();
  if (kind_ids_.size() == 1 || met_.size() == 1) {
    std::int32_t max = 0;
    for (const Piece& piece : pieces_) max = std::max(max, piece.best);
    return first_of(max, [this](std::size_t i) { return std::int32_t{packed_[i]}; });
  }
  score_kinds();
  const auto total = [this](std::size_t i) {
    return packed_[i] + kinds_[packed_kinds_[i]].normalised;
  };
  std::int32_t max = 0;
  for (Piece& piece : pieces_) {
    piece.best = 0;
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      if (is_feasible(i)) piece.best = std::max(piece.best, total(i));
    }
    max = std::max(max, piece.best);
  }
  return first_of(max, total);
}

// One node of each kind among the feasible ones.
void ClassCandidates::meet_kinds() {
  met_.clear();
  met_kinds_.clear();
  for (const Piece& piece : pieces_) {
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      const Kind kind = packed_kinds_[i];
      if (!is_feasible(i) || kinds_[kind].is_met) continue;
      kinds_[kind].is_met = true;
      const NodeId node = nodes_.order()[i];
      const ObjectVerdict& object = objects_[node.value()];
      met_.push_back({node, 0, object.soft_taints, object.preferred, 0});
      met_kinds_.push_back(kind);
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
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      if (!is_feasible(i)) continue;
      ++met_[static_cast<std::size_t>(kinds_[packed_kinds_[i]].normalised)].stands_for;
    }
  }
}

template <class Total>
NodeId ClassCandidates::first_of(std::int32_t max, Total total) const {
  const std::vector<NodeId>& order = nodes_.order();
  // Where all are feasible a rank gives the position, and among many equals a few steps suffice.
  const std::size_t span = (pieces_.back().end + size_ - pieces_.front().begin - 1) % size_ + 1;
  const auto size = static_cast<std::uint32_t>(found_);
  if (span == found_ && pieces_.front().begin == start_) {
    std::uint32_t rank = 0;
    for (int steps = 0; steps < 64 && rank < size; ++steps, rank = heap_next(rank, size)) {
      const std::size_t at = (start_ + rank) % size_;
      if (total(at) == max) return order[at];
    }
  }
  std::uint64_t first = UINT64_MAX;
  std::size_t chosen = 0;
  for (const Piece& piece : pieces_) {
    if (piece.best != max) continue;
    std::uint32_t rank = piece.first_rank;
    for (std::size_t i = piece.begin; i < piece.end; ++i) {
      if (!is_feasible(i)) continue;
      if (total(i) == max && heap_preorder(rank) < first) {
        first = heap_preorder(rank);
        chosen = i;
      }
      ++rank;
    }
    if (first == heap_preorder(0)) break;  // the root of the heap
  }
  assert(first != UINT64_MAX);
  return order[chosen];
}

}  // namespace casim::sim

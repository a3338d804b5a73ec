// The nodes as one class of pods sees them, kept from decision to decision: per node the reasons
// against it or its base score, looked at again only where something changed. So a decision for a
// class that was seen before costs a walk over blocks of summaries, and a class that fits nowhere
// fails without looking at any node. Nodes are judged when a decision first reaches them, a block
// at a time. Source: algorithm 5.2.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/scheduler/filters.h"
#include "sim/scheduler/mask.h"
#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/scores.h"
#include "sim/scheduler/topology.h"

namespace casim::sim {

// The end of a decision.
struct Choice {
  NodeId node;               // none: nothing is feasible
  std::size_t examined = 0;  // how far the start moves on
};

// What a failed decision said: who refused, and a fingerprint of the status message (number of
// nodes, and how many were refused for each reason).
struct Refusal {
  Reasons reasons = 0;
  std::uint64_t message = 0;
  std::size_t resolvable = 0;  // nodes that a preemption may help
};

class ClassCandidates {
 public:
  ClassCandidates(NodeTable& nodes, WindowScorer& scorer, const PodClass& pod_class);

  // Examines nodes from position `start` on, in circular order, until more than `want` are
  // feasible, and takes the best of the first `want`. Requires: there are nodes; start is one of
  // them; want > 0.
  Choice choose(std::size_t start, std::size_t want);
  // Of the last choose() that found nothing.
  Refusal refusal() const;
  // Whether one node is feasible, and why not; at a decision, as all that follows.
  Reasons judge_one(NodeId node);
  // The same for a pod that may go to this node only.
  Reasons judge_target(NodeId node);
  // What the decision at hand found against a node; judges nothing anew.
  Reasons reasons_of(NodeId node) const;
  // Nodes that a preemption may help, in their order.
  std::vector<NodeId> resolvable() const;
  // Whether the node would do with these pods on it: `info` is the node's with some taken away,
  // `extra` what that means to the topology. Nominated pods count.
  Reasons judge_trial(NodeId node, const SchedulerNodeInfo& info,
                      const ClassTopology::Extra& extra) const;

  const ClassTopology& topology() const { return topology_; }

 private:
  // A base score, or minus the reasons.
  using Verdict = std::int16_t;
  static constexpr Verdict kUnknown = INT16_MIN;
  static constexpr Verdict kPadding = INT16_MIN + 1;  // behind the last node
  static constexpr std::size_t kBlock = Mask::kSize;

  // Nodes with equal score keys are of one kind: their normalised scores are equal too, and so is
  // what pods elsewhere have against them.
  using Kind = std::uint32_t;

  static constexpr std::uint8_t kNoSlot = UINT8_MAX;

  struct KindState {
    ScoreKey key;
    ClassTopology::Place place;
    std::int64_t nodes = 0;  // that are feasible by themselves
    Reasons refused = 0;     // at the decision at hand
    std::int32_t normalised = 0;
    bool is_met = false;
    std::uint8_t slot = kNoSlot;  // in the block's list that is being made
  };

  // Of a block's feasible nodes: those of one kind, and their best score.
  struct KindBest {
    Kind kind = 0;
    Verdict best = 0;
    Mask nodes;
  };

  static constexpr std::size_t kListedKinds = 12;
  static constexpr std::int32_t kNoBound = INT32_MAX;

  // Sums over nodes as they are by themselves.
  struct Block {
    bool is_summed = false;
    bool has_unknown = true;
    Verdict best = 0;
    std::uint8_t kind_count = 0;  // more than kListedKinds: they are not listed
    std::uint8_t count = 0;       // of its feasible ones
    Mask feasible;
  };

  using KindList = std::array<KindBest, kListedKinds>;

  // Nodes of one block that were examined and are feasible.
  struct Piece {
    std::size_t block = 0;
    std::size_t begin = 0;
    std::size_t count = 0;
    Mask mask;
    bool is_whole = false;         // all of the block that are feasible by themselves
    std::uint32_t first_rank = 0;  // of its first node among all feasible ones
    std::int32_t best = 0;         // score, base or total
    bool is_solid = false;         // all from `begin` on

    std::size_t nth(std::size_t n) const { return is_solid ? begin + n : mask.nth(n); }

    std::size_t rank_of(std::size_t i) const {
      return first_rank + (is_solid ? i - begin : (mask & Mask::below(i)).count());
    }
  };

  // --- keeping up to date
  void sync();
  void forget_all();
  void apply(NodeTable::Change change, bool is_packed);
  void repack();
  Verdict judge(NodeId node);
  Kind kind_of(NodeId node);
  Kind add_kind(const ScoreKey& key);
  void count(NodeId node, Verdict verdict, int by);
  void count_kind(Kind kind, int by);
  bool is_reserved(const SchedulerNodeInfo& room) const;
  SchedulerNodeInfo with_nominated(const SchedulerNodeInfo& room) const;
  Reasons refuse_nominated(NodeId node, const ClassTopology::Extra& extra) const;
  void judge_kinds();
  Reasons refuse(const KindState& kind) const;

  void refresh(std::size_t block);

  void list_kinds(std::size_t block);
  Verdict best_of(std::size_t block, const Mask& nodes) const;
  // One node's part in the sums of its block, if they stand.
  void take_from_sums(std::size_t position, Verdict old, Kind kind);
  void add_to_sums(std::size_t position);
  void sum_best(std::size_t block);

  // --- choosing
  Piece examine(std::size_t block, std::size_t begin, std::size_t& end, std::size_t want);
  // How many positions from `at` on are refused before the first that is not; `limit` at most.
  std::size_t count_refused(std::size_t at, std::size_t limit);
  bool any_feasible() const;
  NodeId best();
  void meet_kinds();
  void score_kinds();
  void count_met();
  NodeId node_at(const Piece& piece, std::size_t i) const;
  std::int32_t total_at(const Piece& piece, std::size_t i) const;
  std::int32_t bound_of(const Piece& piece) const;

  bool is_listed(std::size_t block) const { return blocks_[block].kind_count <= kListedKinds; }

  // The kinds of a block, if they are listed.
  std::span<const KindBest> kinds_of(std::size_t block) const {
    return {block_kinds_[block].data(), blocks_[block].kind_count};
  }

  Mask without_refused(std::size_t block) const;
  Mask where_total(const Piece& piece, std::int32_t total) const;
  NodeId first_of(std::int32_t max) const;
  NodeId walk_heap(std::int32_t max) const;

  NodeTable& nodes_;
  WindowScorer& scorer_;
  const PodClass& class_;
  ClassTopology topology_;
  ClassTopology::Place place_;       // of the node at hand
  std::uint64_t cursor_ = 0;         // changes seen
  std::uint64_t order_version_ = 0;  // of what is packed
  std::size_t size_ = 0;             // nodes in that order
  // By NodeId.
  std::vector<Verdict> verdicts_;
  std::vector<Kind> kind_of_node_;
  std::vector<ObjectVerdict> objects_;  // where has_object_
  std::vector<bool> has_object_;
  // By position in the order, filled up to whole blocks.
  std::vector<Verdict> packed_;
  std::vector<Kind> packed_kinds_;
  std::vector<Block> blocks_;
  std::vector<KindList> block_kinds_;
  boost::unordered_flat_map<ScoreKey, Kind> kind_ids_;  // lookups only
  std::vector<KindState> kinds_;                        // by Kind; of no node: free
  std::vector<Kind> free_kinds_;
  // Sums over the nodes that are known.
  std::size_t known_ = 0;
  std::size_t feasible_ = 0;
  std::array<std::int64_t, kOwnReasonCount> refused_{};
  std::int64_t resolvable_ = 0;
  // Of the decision at hand.
  bool filters_ = false;         // kinds are refused
  bool is_single_kind_ = false;  // of all that are feasible
  std::size_t found_ = 0;
  std::vector<Piece> pieces_;
  std::vector<ScoredNode> met_;  // one node of each kind that is feasible
  std::vector<Kind> met_kinds_;  // their kinds
};

}  // namespace casim::sim

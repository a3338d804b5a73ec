// The nodes as one class of pods sees them, kept from decision to decision: per node the reasons
// against it or its base score, looked at again only where something changed. So a decision for a
// class that was seen before costs a walk over blocks of summaries, and a class that fits nowhere
// fails without looking at any node. Nodes are judged when a decision first reaches them, a block
// at a time. Source: algorithm 5.2.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/scheduler/filters.h"
#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/scores.h"
#include "sim/scheduler/topology.h"

namespace casim::sim {

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

  // Examines nodes from position `start` on, in circular order, until `want` are feasible, and
  // takes the best of these. Requires: there are nodes; start is one of them; want > 0.
  Choice choose(std::size_t start, std::size_t want);
  // Of the last choose() that found nothing.
  Refusal refusal() const;
  // Whether one node is feasible, and why not; at a decision, as all that follows.
  Reasons judge_one(NodeId node);
  // What the decision at hand found against a node; judges nothing anew.
  Reasons reasons_of(NodeId node) const;
  // Nodes that a preemption may help, in their order.
  std::vector<NodeId> resolvable() const;
  // Whether the node would do with these pods on it: `room` is the node's with some taken away,
  // `extra` what that means to the topology. Nominated pods count.
  Reasons judge_trial(NodeId node, const NodeRoom& room, const ClassTopology::Extra& extra) const;

  const ClassTopology& topology() const { return topology_; }

 private:
  // A base score, or minus the reasons.
  using Verdict = std::int16_t;
  static constexpr Verdict kUnknown = INT16_MIN;
  static constexpr Verdict kPadding = INT16_MIN + 1;  // behind the last node
  static constexpr std::size_t kBlock = 128;

  // Nodes with equal score keys are of one kind: their normalised scores are equal too, and so is
  // what pods elsewhere have against them.
  using Kind = std::uint32_t;

  struct KindState {
    ScoreKey key;
    ClassTopology::Place place;
    std::int64_t nodes = 0;  // that are feasible by themselves
    Reasons refused = 0;     // at the decision at hand
    std::int32_t normalised = 0;
    bool is_met = false;
  };

  struct Block {
    bool is_summed = false;
    bool has_unknown = true;
    std::int16_t feasible = 0;
    Verdict best = 0;
  };

  // A stretch of nodes that were examined.
  struct Piece {
    std::size_t begin;
    std::size_t end;
    std::uint32_t first_rank;  // of its first feasible node among all feasible ones
    std::int32_t best;         // score, base or total
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
  bool is_reserved(const NodeRoom& room) const;
  NodeRoom with_nominated(const NodeRoom& room) const;
  Reasons refuse_nominated(NodeId node, const ClassTopology::Extra& extra) const;
  void judge_kinds();
  Reasons refuse(const KindState& kind) const;

  bool is_feasible(std::size_t position) const {
    return packed_[position] >= 0 && (!filters_ || kinds_[packed_kinds_[position]].refused == 0);
  }

  void refresh(std::size_t block);

  // --- choosing
  Piece examine(std::size_t begin, std::size_t end, std::uint32_t rank, std::size_t want,
                std::size_t& found);
  NodeId best();
  bool any_feasible() const;
  void meet_kinds();
  void score_kinds();
  void count_met();
  // The first best one as the heap's root goes; `total` of a position, `max` known to occur.
  template <class Total>
  NodeId first_of(std::int32_t max, Total total) const;
  NodeId first_feasible() const;

  NodeTable& nodes_;
  WindowScorer& scorer_;
  const PodClass& class_;
  ClassTopology topology_;
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
  boost::unordered_flat_map<ScoreKey, Kind> kind_ids_;  // lookups only
  std::vector<KindState> kinds_;                        // by Kind; of no node: free
  std::vector<Kind> free_kinds_;
  // Sums over the nodes that are known.
  std::size_t known_ = 0;
  std::size_t feasible_ = 0;
  std::array<std::int64_t, kOwnReasonCount> refused_{};
  std::uint64_t taint_sum_ = 0;
  std::int64_t resolvable_ = 0;
  // Of the decision at hand.
  bool filters_ = false;  // kinds are refused
  std::size_t start_ = 0;
  std::size_t found_ = 0;
  std::vector<Piece> pieces_;
  std::vector<ScoredNode> met_;  // one node of each kind that is feasible
  std::vector<Kind> met_kinds_;  // their kinds
};

}  // namespace casim::sim

// What a class of pods asks of pods elsewhere: topology spreading, pod affinity and anti-affinity,
// its own and that of the pods that are there. Per constraint the pods that count are kept by
// domain, so that a decision never walks over pods or nodes.
// Source: algorithm 5.3 [k8s: plugins podtopologyspread and interpodaffinity].
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/scheduler/node_table.h"
#include "sim/scheduler/pod_class.h"
#include "sim/scheduler/reason.h"
#include "sim/scheduler/scores.h"

namespace casim::sim {

// The topology constraints of one class of pods and where they stand on each node.
class ClassTopology {
 public:
  ClassTopology(const NodeTable& nodes, const PodClass& pod_class);

  // No constraint at all.
  bool is_empty() const { return tallies_.empty(); }

  // Number of constraints: the length of a Place and of an Extra.
  std::size_t size() const { return tallies_.size(); }

  // Some constraint refuses nodes, others only score them.
  bool has_filters() const { return first(Role::kSoftSpread) > 0; }

  // --- keeping up
  // Takes note of new labels and terms. True: there are other constraints than before, and all
  // nodes must be updated.
  bool learn();
  // After learn(): the pods on it changed, or (`object`) the node itself, or it is gone or new.
  void update(NodeId node, bool object = true);

  // --- where a node stands
  // Per constraint its domain, or for a host's own domain the pods in it: nodes with equal places
  // are refused and scored alike.
  using Place = std::vector<std::int64_t>;
  // Writes the node's place into `place`.
  void place_of(NodeId node, Place& place) const;

  // --- filters
  // Why a node at this place is refused; 0: it is not.
  Reasons refuse(const Place& place) const;
  // The same for a pod that may go to this node only, by its name: spreading that honours node
  // affinity, as it does by default, then counts no other node.
  Reasons refuse_target(NodeId node) const;
  // As if there were more pods (or fewer) on the node, per constraint.
  using Extra = std::vector<std::int64_t>;
  Reasons refuse(NodeId node, const Extra& extra) const;
  // Counts `by` pods of such labels and terms on the node into `extra`.
  void add(Extra& extra, NodeId node, LabelGroup labels, AffinityGroup affinity, int by) const;

  // --- scores: PodTopologySpread (weight 2) and InterPodAffinity (2), each normalised
  // Nodes without a topology key are left out of spreading: then the scorer must know how many
  // nodes of the cycle each of the window stands for.
  bool may_ignore_nodes() const { return ignores_without_key_; }

  // Adds both scores to the nodes of the window.
  void score(std::size_t feasible, std::vector<ScoredNode>& window);

 private:
  // In the order of the real filters, then the scores.
  enum class Role : std::uint8_t {
    kHardSpread,
    kRequiredAffinity,      // to pods, by pod affinity
    kRequiredAntiAffinity,  // pods, by anti-affinity
    kExistingAntiAffinity,  // by pods that are there
    kSoftSpread,
    kScore,
  };

  struct Domain {
    std::int64_t pods = 0;
    std::int32_t nodes = 0;  // that count; without any the domain does not exist
  };

  struct At {
    std::uint32_t domain = kNone;
    bool counts = false;   // its pods are in the domain's sum
    bool is_host = false;  // the domain is this very node
    std::int64_t pods = 0;
  };

  static constexpr std::uint32_t kNone = UINT32_MAX;

  // One constraint: which pods count where.
  struct Tally {
    Role role = Role::kScore;
    std::string key;
    const TopologySpread* spread = nullptr;  // null: a default constraint, or no spreading
    const PodAffinityTerm* term = nullptr;   // of kRequiredAntiAffinity
    bool is_host = false;                    // the key is kubernetes.io/hostname
    int max_skew = 1;
    bool matches_itself = false;                                // kHardSpread, kRequiredAffinity
    std::vector<std::int32_t> label_weights;                    // by LabelGroup
    std::vector<std::int32_t> term_weights;                     // by AffinityGroup
    boost::unordered_flat_map<std::string, std::uint32_t> ids;  // by label value; lookups only
    std::vector<Domain> domains;
    std::vector<At> at;                         // by NodeId
    std::map<std::int64_t, std::int32_t> sums;  // kHardSpread: how many domains have so many pods
    std::int64_t total = 0;
    std::int32_t domain_count = 0;
  };

  void build();
  void add_spreading();
  void add_affinity();
  void add_others();
  Tally& add_tally(Role role, const std::string& key);
  void weigh_labels(Tally& tally) const;
  int weigh(const Tally& tally, const std::string& name, const Labels& labels) const;
  bool is_counted(const Tally& tally, const Node& node) const;
  bool has_keys(const Node& node, Role role) const;
  std::int64_t pods_at(const Tally& tally, const SchedulerNodeInfo& room) const;
  static void put(Tally& tally, Domain& domain, std::int64_t pods, std::int32_t nodes);
  static std::int64_t least(const Tally& tally, std::uint32_t domain, std::int64_t extra);
  template <class Pods, class Least>
  Reasons refuse_by(Pods pods, Least least, std::int64_t drawing) const;

  // Index of the first tally of this role or a later one.
  std::size_t first(Role role) const { return first_[static_cast<std::size_t>(role)]; }

  bool skips_affinity() const;
  bool is_ignored(NodeId node) const;
  void score_spreading(std::size_t feasible, std::vector<ScoredNode>& window);
  std::size_t domains_met(const Tally& tally, const std::vector<ScoredNode>& window);
  double raw_spreading(NodeId node) const;
  void score_affinity(std::vector<ScoredNode>& window);

  const NodeTable& nodes_;
  const PodClass& class_;
  std::vector<Tally> tallies_;  // by role
  std::array<std::size_t, 7> first_{};
  std::size_t terms_seen_ = 0;
  std::size_t labels_seen_ = 0;
  bool ignores_without_key_ = false;
  // Of the scoring at hand.
  std::vector<double> weights_;
  std::vector<std::int64_t> raw_;
  std::vector<std::uint32_t> met_;
};

}  // namespace casim::sim

// The scheduler's picture of the nodes: what its watch has shown, plus the pods that it has placed
// and that the watch has not confirmed yet. Keeps sums, so that a decision never walks over pods,
// and a log of what changed, so that caches per class of pods know what to look at again.
// Source: algorithm 5.2 (order of nodes), 5.3 (what the sums are for).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/cluster/objects.h"

namespace casim::sim {

// Pods with equal namespace and labels, for selectors.
using LabelGroup = Id<struct LabelGroupTag>;

// Pods with equal terms of pod affinity and anti-affinity.
using AffinityGroup = Id<struct AffinityGroupTag>;

// One term of pods that may be on nodes already: they draw other pods to them, or keep them away.
struct AffinityTerm {
  // Required affinity, required anti-affinity, or a preference of either sign.
  enum class Kind : std::uint8_t { kRequired, kRequiredAnti, kPreferred };
  AffinityGroup group;  // whose
  Kind kind = Kind::kRequired;
  int weight = 1;  // of a preferred term; negative: anti-affinity
  PodAffinityTerm term;
  std::string namespace_name;  // of the pods that have it

  // Whether the pod of `other` is one that the term speaks of.
  bool matches(const PodSpec& other) const;
};

// The same by namespace and labels; `own_namespace` is that of the pod that has the term.
bool matches(const PodAffinityTerm& term, const std::string& own_namespace,
             const std::string& namespace_name, const Labels& labels);

// What of a placed pod's state preemption and spreading look at.
struct PodState {
  bool is_terminating = false;
  bool is_preempted = false;              // deleted by preemption
  WallTime start_time = WallTime::max();  // not started: later than all others

  bool operator==(const PodState&) const = default;
};

// A pod that the scheduler counts on a node: bound, or assumed to be.
struct PodOnNode {
  PodId id;
  PodSpecPtr spec;
  PodState state;
};

// A pod that is to come here once its victims are gone.
struct NominatedPod {
  PodId id;
  PodSpecPtr spec;
};

// Pods of one label group on one node.
struct GroupCount {
  LabelGroup group;
  std::int32_t live = 0;  // without terminating ones
  std::int32_t all = 0;
};

// An image on a node: its size as the first node that had it gave it, and how many nodes had it
// when this node was last looked at.
struct ImageStateSummary {
  std::string name;
  std::int64_t size = 0;
  std::int64_t nodes = 0;
};

// What the scheduler's cache holds of one node, with the sums that filters and scores read
// [k8s: framework.NodeInfo]. cpu in millicores, memory in bytes.
struct SchedulerNodeInfo {
  NodePtr node;           // null: not there, though pods may still name it
  Resources allocatable;  // the node's
  Resources requested;
  // Requests with 100m and 200 MiB for what is not set, as LeastAllocated counts them.
  std::int64_t nonzero_cpu = 0;
  std::int64_t nonzero_memory = 0;
  std::uint32_t position = 0;  // in order()
  std::vector<PodOnNode>
      pods;  // in order of arrival, but the last takes the place of one that goes
  std::vector<NominatedPod> nominated;
  std::vector<ImageStateSummary> images;
  bool has_stale_images = false;                         // NodeTable::summarize_images() shall look
  boost::container::small_vector<GroupCount, 2> groups;  // of its pods
  std::vector<std::pair<AffinityGroup, std::int32_t>> affinity;  // of those that have terms
};

// Counts one pod more or less in the list and the sums of a node; labels and terms left aside.
void add_pod_to(SchedulerNodeInfo& info, const PodOnNode& pod);
PodOnNode remove_pod_from(SchedulerNodeInfo& info, PodId pod);

// Requests as scores count them: 100m and 200 MiB where nothing is asked for.
std::int64_t nonzero_cpu(const PodSpec& pod);
std::int64_t nonzero_memory(const PodSpec& pod);

class NodeTable {
 public:
  // One node changed: its object, or only the pods on it.
  struct Change {
    NodeId node;
    bool object;
  };

  // The node is new, or its object has changed.
  void put(NodePtr node);
  void remove(NodeId node);
  void add_pod(NodeId node, PodId pod, const PodSpecPtr& spec, PodState state = {});
  void remove_pod(NodeId node, PodId pod);
  // A terminating pod stays, but no longer counts for spreading.
  void update_pod(NodeId node, PodId pod, PodState state);
  // A pod is to come to the node once its victims are gone; it counts there for pods of no higher
  // priority.
  void nominate(NodeId node, PodId pod, const PodSpecPtr& spec);
  void take_back_nomination(NodeId node, PodId pod);

  const SchedulerNodeInfo& operator[](NodeId node) const { return infos_[node.value()]; }

  // Looks at the images of the nodes that changed since the last time: a decision knows of the
  // others how many nodes had their images then [k8s: NodeInfo.SnapshotConcrete].
  void summarize_images();

  // None: no such node.
  NodeId find(const std::string& name) const;

  std::size_t size() const { return count_; }

  // The nodes in the order in which filters see them: zone by zone in turn, oldest first. Made anew
  // only when a node comes or goes, not when one moves to another zone [k8s: UpdateSnapshot].
  const std::vector<NodeId>& order();

  // Changes with the order, unless nodes were only added at its end.
  std::uint64_t order_version() const { return order_version_; }

  // Changes have numbers; those before first_change() are forgotten.
  std::uint64_t first_change() const { return first_change_; }

  std::uint64_t end_change() const { return first_change_ + changes_.size(); }

  Change change(std::uint64_t number) const { return changes_[number - first_change_]; }

  // The group of a spec, made when it is new.
  LabelGroup group_of(const PodSpecPtr& spec) { return groups_of(spec).labels; }

  AffinityGroup affinity_group_of(const PodSpecPtr& spec) { return groups_of(spec).affinity; }

  std::size_t group_count() const { return group_keys_.size(); }

  // Namespace and labels of a group.
  const std::pair<std::string, Labels>& group_key(LabelGroup group) const {
    return *group_keys_[group.value()];
  }

  // All that were ever seen, by group; grows.
  const std::vector<AffinityTerm>& affinity_terms() const { return affinity_terms_; }

  std::size_t affinity_group_count() const { return affinity_groups_.size(); }

  // Some pod on some node has a lower priority.
  bool any_pod_below(std::int32_t priority) const {
    return !priorities_.empty() && priorities_.begin()->first < priority;
  }

  // Some node has an image.
  bool any_images() const { return !images_.empty(); }

 private:
  using GroupKey = std::pair<std::string, Labels>;

  struct Groups {
    PodSpecPtr spec;
    LabelGroup labels;
    AffinityGroup affinity;  // none: the spec has no terms
  };

  struct Zone {
    std::string key;  // region and zone
    std::vector<NodeId> nodes;
  };

  // An image that some node has.
  struct Image {
    std::int64_t size = 0;
    std::int64_t nodes = 0;
  };

  SchedulerNodeInfo& info(NodeId node);
  void count_images(const Node& node, int by);
  void log_pods(NodeId node);
  void look_again(SchedulerNodeInfo& at, NodeId node);
  void log(NodeId node, bool object);
  void enter_zone(SchedulerNodeInfo& at);
  void append_to_order(SchedulerNodeInfo& at);
  void leave_zone(SchedulerNodeInfo& at);
  const Groups& groups_of(const PodSpecPtr& spec);
  AffinityGroup learn_affinity(const PodSpecPtr& spec);
  void count_groups(SchedulerNodeInfo& at, const PodSpecPtr& spec, std::int32_t live,
                    std::int32_t all);

  std::vector<SchedulerNodeInfo> infos_;                  // by NodeId
  boost::unordered_flat_map<std::string, NodeId> names_;  // lookups only
  std::vector<Zone> zones_;  // in order of first appearance; none is empty
  std::vector<NodeId> order_;
  bool order_is_stale_ = false;
  bool is_order_behind_ = false;  // a node has moved since
  std::uint64_t order_version_ = 0;
  std::size_t count_ = 0;
  boost::unordered_flat_map<std::string, Image> images_;  // by name; lookups only
  std::vector<NodeId> stale_images_;                      // nodes that have some and changed
  std::vector<Change> changes_;
  std::uint64_t first_change_ = 0;
  std::map<GroupKey, LabelGroup> groups_;
  std::vector<const GroupKey*> group_keys_;  // into groups_, whose nodes do not move
  boost::unordered_flat_map<const PodSpec*, Groups> groups_of_spec_;  // a short-cut
  std::vector<PodSpecPtr> affinity_groups_;  // one of each, by AffinityGroup
  std::vector<AffinityTerm> affinity_terms_;
  std::map<std::int32_t, std::int64_t> priorities_;  // pods on nodes, by priority
};

}  // namespace casim::sim

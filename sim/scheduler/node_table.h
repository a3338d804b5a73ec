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

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/cluster/objects.h"

namespace casim::sim {

// Pods with equal namespace and labels, for selectors.
using LabelGroup = Id<struct LabelGroupTag>;

inline constexpr std::uint32_t kNoZone = UINT32_MAX;

struct PodOnNode {
  PodId id;
  PodSpecPtr spec;
  bool is_terminating = false;
};

struct NodeRoom {
  NodePtr node;  // null: not there, though pods may still name it
  Resources requested;
  // Requests with 100m and 200 MiB for what is not set, as LeastAllocated counts them.
  std::int64_t nonzero_cpu = 0;
  std::int64_t nonzero_memory = 0;
  std::uint32_t position = 0;  // in order()
  std::uint32_t zone = kNoZone;
  std::vector<PodOnNode> pods;                              // in order of arrival
  std::vector<std::pair<LabelGroup, std::int32_t>> groups;  // its pods, without terminating ones
};

std::int64_t nonzero_cpu(const Resources& requests);
std::int64_t nonzero_memory(const Resources& requests);

class NodeTable {
 public:
  // One node changed: its object, or only the pods on it.
  struct Change {
    NodeId node;
    bool object;
  };

  void put(NodePtr node);
  void remove(NodeId node);
  void add_pod(NodeId node, PodId pod, const PodSpecPtr& spec);
  void remove_pod(NodeId node, PodId pod);
  // It stays, but no longer counts for spreading.
  void mark_terminating(NodeId node, PodId pod);

  const NodeRoom& operator[](NodeId node) const { return infos_[node.value()]; }

  NodeId find(const std::string& name) const;

  std::size_t size() const { return count_; }

  // The nodes in the order in which filters see them: zone by zone in turn, oldest first.
  const std::vector<NodeId>& order();

  // Changes with the order, unless nodes were only added at its end.
  std::uint64_t order_version() const { return order_version_; }

  // Changes have numbers; those before first_change() are forgotten.
  std::uint64_t first_change() const { return first_change_; }

  std::uint64_t end_change() const { return first_change_ + changes_.size(); }

  Change change(std::uint64_t number) const { return changes_[number - first_change_]; }

  LabelGroup group_of(const PodSpecPtr& spec);

  std::size_t group_count() const { return group_keys_.size(); }

  const std::pair<std::string, Labels>& group_key(LabelGroup group) const {
    return *group_keys_[group.value()];
  }

  std::size_t zone_count() const { return zone_counts_.size(); }

  // Pods of a group in a zone.
  std::int64_t in_zone(LabelGroup group, std::uint32_t zone) const;

  bool any_images() const { return image_nodes_ > 0; }

 private:
  using GroupKey = std::pair<std::string, Labels>;

  struct Zone {
    std::string key;  // region and zone
    std::vector<NodeId> nodes;
  };

  NodeRoom& info(NodeId node);
  void log(NodeId node, bool object);
  void enter_zone(NodeRoom& at);
  void leave_zone(NodeRoom& at);
  void count_zone(const NodeRoom& at, LabelGroup group, std::int32_t by);
  void count_group(NodeRoom& at, const PodSpecPtr& spec, std::int32_t by);

  std::vector<NodeRoom> infos_;                           // by NodeId
  boost::unordered_flat_map<std::string, NodeId> names_;  // lookups only
  std::vector<Zone> zones_;  // in order of first appearance; none is empty
  std::vector<NodeId> order_;
  bool order_is_stale_ = false;
  std::uint64_t order_version_ = 0;
  std::size_t count_ = 0;
  std::size_t image_nodes_ = 0;
  std::vector<Change> changes_;
  std::uint64_t first_change_ = 0;
  std::map<GroupKey, LabelGroup> groups_;
  std::vector<const GroupKey*> group_keys_;  // into groups_, whose nodes do not move
  boost::unordered_flat_map<const PodSpec*, std::pair<PodSpecPtr, LabelGroup>> group_of_spec_;
  boost::unordered_flat_map<std::string, std::uint32_t> zone_ids_;  // by value of the zone label
  std::vector<std::vector<std::int64_t>> zone_counts_;              // by zone, then group
};

}  // namespace casim::sim

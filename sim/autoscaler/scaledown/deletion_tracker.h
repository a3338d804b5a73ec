// Deletions in progress: from the start of an actuation until DeleteNodes was answered or given up.
// Source: autoscaler-algorithm.md 4.9.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/cluster/cluster_view.h"

namespace casim::sim {

// Upstream's NodeDeletionTracker. A value: the planner works on the copy of the loop's start.
class DeletionTracker {
 public:
  // `drain`: its pods are evicted; else it is empty.
  void start(const std::string& group, const std::string& node, bool drain) {
    ++per_group_[group];
    (drain ? drained_ : empty_).insert(node);
  }

  // Deleted, or given up.
  void end(const std::string& group, const std::string& node) {
    if (--per_group_[group] <= 0) per_group_.erase(group);
    empty_.erase(node);
    drained_.erase(node);
  }

  // No node is being deleted.
  bool is_idle() const { return empty_.empty() && drained_.empty(); }

  // The node is being deleted.
  bool contains(const std::string& node) const {
    return empty_.contains(node) || drained_.contains(node);
  }

  // Pods evicted not long ago, which their controllers will create again. cluster-autoscaler runs
  // with a memory of no length (NewNodeDeletionTracker(0)), so its actuator notes none.
  void note_eviction(PodPtr pod) { recent_evictions_.push_back(std::move(pod)); }

  // In order of eviction.
  const std::vector<PodPtr>& recent_evictions() const { return recent_evictions_; }

  // Names of the nodes that are being deleted: empty ones, and those that are drained.
  const std::set<std::string>& empty() const { return empty_; }

  const std::set<std::string>& drained() const { return drained_; }

  // How many nodes of the group are being deleted.
  int count(const std::string& group) const {
    const auto entry = per_group_.find(group);
    return entry == per_group_.end() ? 0 : entry->second;
  }

 private:
  std::map<std::string, int> per_group_;
  std::set<std::string> empty_;
  std::set<std::string> drained_;
  std::vector<PodPtr> recent_evictions_;
};

}  // namespace casim::sim

// The autoscaler's listers: the cluster as its watch has shown it so far. Fed with watch events by
// the API server model (after the watch delay) or by the little world (at once).
// Listers order nodes by name, pods by namespace and name.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/autoscaler/cluster/unbound_pods.h"
#include "sim/cluster/objects.h"
#include "sim/cluster/watch.h"

namespace casim::sim {

// What tells objects from others where upstream leaves their order to chance.
inline std::string_view node_name(const NodePtr& node) { return node->name; }

inline std::string_view pod_name(const PodPtr& pod) { return pod->name; }

// Fed by one watch, whose events come in order.
class ClusterView : public Watcher {
 public:
  // The pods that are bound to a node.
  struct NodePods {
    std::vector<PodPtr> pods;   // by namespace and name
    std::uint64_t version = 0;  // changes with every change of `pods`, never repeats
    bool is_gone = false;       // with the node and its last pod: to be asked for anew
  };

  using NodePodsPtr = std::shared_ptr<const NodePods>;

  void on_watch(const WatchEvent& event) override;

  // By name.
  const std::map<std::string, NodePtr>& nodes() const { return nodes_; }

  // The same as a list. Valid until the next event.
  const std::vector<NodePtr>& node_list() const;

  // Null: unknown.
  NodePtr find_node(const std::string& name) const;

  // Bound pods of a node; empty for an unknown one.
  const NodePods& pods_on(const std::string& node_name) const;
  // The same, kept up to date until it is gone. Null: the node is unknown and has no pods.
  NodePodsPtr share_pods_on(const std::string& node_name) const;

  // Pods without a node, by namespace and name. Valid until the next event.
  const std::vector<PodPtr>& unbound_pods() const { return unbound_.list(); }

  // Requires: the view holds it.
  const Pod& pod(PodId id) const;
  // Null: unknown.
  PodPtr find_pod(PodId id) const;

  // Null: unknown.
  const Owner* find_owner(const std::string& uid) const;
  std::vector<Owner> daemon_sets() const;  // by namespace, name

  // In order of first appearance.
  const std::vector<PodDisruptionBudget>& pdbs() const { return pdbs_; }

  // Null: no such ConfigMap or key.
  const std::string* config_map(const std::string& name, const std::string& key) const;
  void set_config_map(const std::string& name, const std::string& key, std::string text);

  // The CapacityQuota objects; no watch brings them.
  const std::vector<CapacityQuota>& capacity_quotas() const { return capacity_quotas_; }

  void set_capacity_quotas(std::vector<CapacityQuota> quotas);

 private:
  void put_node(const NodePtr& node);
  void drop_node(const std::string& name);
  NodePods& list_on(const std::string& node_name);
  void drop_list_if_empty(const std::string& node_name);
  void put_pod(const Pod& pod);
  void drop_pod(PodId id);
  void unlink(const PodPtr& pod);
  void put_owner(const Owner& owner);
  void drop_owner(const Owner& last);
  void put_pdb(const PodDisruptionBudget& pdb);

  std::map<std::string, NodePtr> nodes_;
  mutable std::vector<NodePtr> node_list_;
  mutable bool is_listed_ = true;                                    // node_list_ is nodes_
  boost::unordered_flat_map<PodId, PodPtr, std::hash<PodId>> pods_;  // lookups only, never iterated
  // One for each node that is known or has pods; lookups only.
  boost::unordered_flat_map<std::string, std::shared_ptr<NodePods>> pods_on_;
  UnboundPods unbound_;
  boost::unordered_flat_map<std::string, Owner> owners_;  // by uid; lookups only
  // Namespace and name to uid: among tens of thousands of Jobs there are a few.
  std::map<std::pair<std::string, std::string>, std::string> daemon_sets_;
  std::vector<PodDisruptionBudget> pdbs_;
  std::vector<CapacityQuota> capacity_quotas_;
  std::map<std::pair<std::string, std::string>, std::string> config_maps_;
  std::uint64_t changes_ = 0;  // counted: the versions of NodePods
};

}  // namespace casim::sim

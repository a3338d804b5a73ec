// What a new node of each group would look like: from a good node of the group, else the copy of
// an earlier one, else the provider's template, else any node. Source: autoscaler-algorithm.md 1.6.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/cluster/readiness.h"
#include "sim/autoscaler/simulator/snapshot.h"
#include "src/core/clock.h"

namespace casim::sim {

// Templates of new nodes, by group id.
using NodeInfos = std::map<std::string, NodeInfoPtr>;

// A copy under another name, hostname label included.
NodePtr renamed(const Node& node, std::string name);
// A copy of a template for the snapshot: the same pods on a node of its own.
NodeInfoPtr fresh_node(const NodeInfo& info, std::string name);
// A template as placeholder of a node that is ordered: neither candidate nor destination when
// nodes are removed.
NodeInfo upcoming_node(const NodeInfo& info);

// The templates of a loop. Upstream's MixedTemplateNodeInfoProvider.
class TemplateRegistry {
 public:
  // Both outlive it.
  TemplateRegistry(CloudProvider& provider, const AutoscalerOptions& options);

  // Recomputes all templates. `snapshot` holds the loop's nodes with their pods.
  // `nodes` outlives the call.
  Awaitable<void> recompute(LoopId by, const std::vector<NodePtr>& nodes, const Snapshot& snapshot,
                            std::vector<Owner> daemon_sets, TimePoint now, WallTime wall);

  // Those of the last recompute(): a group of which nothing is known has none.
  const NodeInfos& infos() const { return infos_; }

  // Null: the group has none.
  NodeInfoPtr find(const std::string& group) const;

 private:
  struct Cached {
    NodeInfoPtr info;
    TimePoint added{};
  };

  bool is_good(const Node& node, WallTime wall) const;
  bool has_next(const NodeGroup& group) const;
  // The group that `node` gave a template to; null if it gave none.
  NodeGroupPtr use_node(const Node& node, const Result<NodeGroupPtr>& group,
                        const Snapshot& snapshot, const std::vector<Owner>& daemon_sets);
  Awaitable<void> use_provider(LoopId by, NodeGroupPtr group,
                               const std::vector<Owner>& daemon_sets);
  bool use_cached(const std::string& group, TimePoint now);
  NodeInfoPtr sanitised(const NodeInfo& example, const std::string& group,
                        const std::vector<Owner>& daemon_sets, bool force_daemon_sets);
  Node sanitised_node(const Node& example, std::string name) const;

  CloudProvider& provider_;
  const AutoscalerOptions& options_;
  TaintRules taints_;
  NodeInfos infos_;
  NodeInfos next_;
  std::vector<bool> has_next_;  // a node has given it, by number of the group
  std::map<std::string, Cached> cache_;
  // By group, how many it had: the suffix of a template's name, which upstream draws at random.
  std::map<std::string, std::uint64_t> made_;
};

}  // namespace casim::sim

// Limits on what nodes offer together: upper ones for scale-up, lower ones for scale-down. One
// quota comes from the flags and holds for the whole cluster; CapacityQuota objects add others for
// the nodes that they select. Source: autoscaler-algorithm.md 3.3, 4.7; resourcequotas/tracker.go.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/options/options.h"
#include "sim/autoscaler/simulator/snapshot.h"

namespace casim::sim {

// Limits that nodes keep together. Upstream's resourcequotas.Quota.
struct Quota {
  std::string name;
  LabelSelector selector;  // the nodes it holds for; empty: all
  std::map<std::string, ResourceLimit> limits;
};

// The limits of the flags.
Quota cluster_wide(const AutoscalerOptions& options);

// What the quotas have left. Upstream's resourcequotas.Tracker. Made for one scale-up, or one plan.
class QuotaTracker {
 public:
  enum class Side { kMax, kMin };  // of the limits: what may be added, or removed

  // By resource: "cpu" in whole cores, "memory" in bytes, "nodes", GPUs by the value of their
  // label.
  using Amounts = std::map<std::string, std::int64_t>;

  // A quota that forbids some of the nodes, and for which resources.
  struct Exceeded {
    std::string quota;
    std::vector<std::string> resources;
  };

  struct Check {
    int allowed = 0;                 // nodes
    std::vector<Exceeded> exceeded;  // empty: all are allowed
  };

  // What the nodes use. An error of one lookup is the tracker's error.
  static Awaitable<Result<QuotaTracker>> make(LoopId by, CloudProvider& provider,
                                              std::vector<Quota> quotas, Side side,
                                              std::vector<NodePtr> nodes);

  // make() of the snapshot's nodes would make no call.
  static bool asks_nobody(const CloudProvider& provider, const Snapshot& snapshot);

  // How many of `count` nodes like this one, of that group, may be added (or removed). An error:
  // the provider did not say what a node offers.
  Awaitable<Result<Check>> check(LoopId by, NodeGroupPtr group, NodePtr node, int count);
  // The same, and takes them if all are allowed.
  Awaitable<Result<Check>> consume(LoopId by, NodeGroupPtr group, NodePtr node, int count);

 private:
  struct Status {
    Quota quota;
    Amounts left;
  };

  explicit QuotaTracker(CloudProvider& provider) : provider_(&provider) {}

  // Kept per group for the tracker's life. `group` may be null.
  Awaitable<Result<Amounts>> resources_of(LoopId by, NodeGroupPtr group, NodePtr node);

  // A group, whose nodes all offer the same.
  struct Alike {
    Amounts each;
    std::int64_t nodes = 0;  // that are not counted yet
  };

  // Null: not known yet.
  const Amounts* known_resources_of(const NodeGroup* group) const;
  // False: nothing is known of nodes of that group.
  bool add_alike(const NodeGroup* group, const Node& node);
  void count_alike();
  void count(const Node& node, const Amounts& amounts);
  Awaitable<Result<Amounts>> with_gpu(LoopId by, NodeGroupPtr group, NodePtr node, Amounts amounts);
  Check checked(const Amounts& each, const Node& node, int count) const;

  CloudProvider* provider_;
  std::vector<Status> quotas_;
  bool has_selectors_ = false;  // some quota is not for all nodes
  std::map<std::string, Alike> by_group_;
  std::vector<Alike*> by_number_;  // the same by the group's number, until they are counted
};

// Why a group is skipped, one text a quota, as the autoscaler's events say it.
std::vector<std::string> reasons_of(const QuotaTracker::Check& check);

}  // namespace casim::sim

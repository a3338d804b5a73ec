// The cluster-state registry: which nodes and instances each group has, which scale-ups are open,
// what is healthy, upcoming, or of the wrong size. Source: autoscaler-algorithm.md 1.4,
// externalgrpc.md section 4.
//
// Asks the provider in upstream's order, again at each use: group lists are cached behind
// CloudProvider, and an error there is seen by every caller.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "sim/autoscaler/cloudprovider/reads_in_a_row.h"
#include "sim/autoscaler/cluster/event_recorder.h"
#include "sim/autoscaler/clusterstate/backoff.h"
#include "sim/autoscaler/clusterstate/instance_cache.h"
#include "sim/autoscaler/clusterstate/node_set.h"
#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/autoscaler/simulator/node_infos.h"
#include "src/core/clock.h"

namespace casim::sim {

// Counts of one group, or of the cluster. Deleted nodes are registered too.
struct Readiness {
  int registered = 0;
  int ready = 0;
  int unready = 0;
  int deleted = 0;
  int suspended = 0;
  int unregistered = 0;
  int long_unregistered = 0;
  std::vector<std::string> not_started;  // names
};

// How many registered nodes a group may have without being called unhealthy or of the wrong size.
struct AcceptableRange {
  int min_nodes = 0;  // the target less open scale-ups and instances that never registered
  int max_nodes = 0;  // the target and deletions of the last five minutes
  int current_target = 0;
};

// A group whose nodes are not as many as its target says. Upstream's IncorrectNodeGroupSize.
struct IncorrectSize {
  int current = 0;   // registered nodes
  int expected = 0;  // the target
  TimePoint first_observed{};
};

// An open scale-up of a group: later increases are added to it.
struct ScaleUpRequest {
  NodeGroupPtr group;
  int increase = 0;               // nodes that have not come yet
  TimePoint time{};               // of the last increase
  TimePoint expected_add_time{};  // after it the request has timed out
};

// Nodes that are ordered and not ready yet.
struct UpcomingNodes {
  std::map<std::string, int> counts;    // by group id
  std::vector<std::string> registered;  // their nodes that have registered already
};

// An instance that no node belongs to.
struct UnregisteredNode {
  NodePtr node;       // a stand-in: name and provider id are the instance's id
  TimePoint since{};  // the loop that saw it first
};

// Loop start as the registry sees it: exact, and on the calendar.
struct LoopTime {
  TimePoint now{};
  WallTime wall{};
};

// Upstream's ClusterStateRegistry. Groups are named by id.
class ClusterState {
 public:
  // All outlive it. `checks`: compares what is kept with what is computed anew.
  ClusterState(CloudProvider& provider, const AutoscalerOptions& options, Clock& clock,
               const TemplateRegistry& templates, LoopObserver& observer, EventRecorder& events,
               bool checks = false);

  InstanceCache& instances() { return cache_; }

  // One loop's update. An error aborts the loop and leaves the registry as it was.
  // `nodes` outlives the call.
  Awaitable<Result<void>> update(LoopId by, const std::vector<NodePtr>& nodes, LoopTime time);
  // Reads the targets again, after a change of this loop. An error makes them all 0.
  Awaitable<void> recalculate(LoopId by);

  // An increase that the provider took. Lost if it cannot say how long a node may take.
  Awaitable<void> register_scale_up(LoopId by, NodeGroupPtr group, int delta);
  // The group failed by so many nodes: backed off if it has a template; metrics ask the provider.
  Awaitable<void> register_failed_scale_up(LoopId by, NodeGroupPtr group, int delta,
                                           InstanceErrorInfo error, TimePoint now);
  // A node was deleted: its place may stay empty for five minutes.
  void register_scale_down(const std::string& group);

  // Few enough nodes are unready, of all nodes, or of what the group should have.
  bool is_cluster_healthy() const;
  bool is_group_healthy(const std::string& group) const;
  // It has an open request, and nodes are missing.
  bool is_scaling_up(const std::string& group) const;

  bool has_request(const std::string& group) const { return requests_.contains(group); }

  // Null: not backed off, or without a template.
  const InstanceErrorInfo* backoff_of(const std::string& group, TimePoint now) const;
  Awaitable<UpcomingNodes> upcoming(LoopId by);

  // Null: its size is right, or it is unknown.
  const IncorrectSize* incorrect_size(const std::string& group) const;
  std::vector<UnregisteredNode> unregistered() const;  // by name
  // Stand-ins for instances that reported an error while creating, by group.
  std::map<std::string, std::vector<NodePtr>> failed_instances() const;

  // Of the whole cluster.
  const Readiness& totals() const { return totals_; }

  // Null: no node and no instance of the group is known.
  const Readiness* readiness(const std::string& group) const;
  // Null: the group is unknown.
  const AcceptableRange* range(const std::string& group) const;
  // The group's max-node-provision-time.
  Awaitable<Result<Duration>> provision_time(LoopId by, NodeGroupPtr group);

 private:
  struct ScaleDownRequest {
    std::string group;
    TimePoint expected_delete_time{};
  };

  using Targets = std::map<std::string, int>;

  Awaitable<Result<Targets>> read_targets(LoopId by);
  Awaitable<Result<Instances>> read_instances(LoopId by);
  using Unregistered = std::map<std::string, UnregisteredNode>;

  void note_unregistered(const std::vector<NodePtr>& nodes, TimePoint now);
  Unregistered unregistered_among(const std::vector<NodePtr>& nodes, TimePoint now) const;
  bool are_instances_unchanged() const;
  Awaitable<void> update_readiness(LoopId by, const std::vector<NodePtr>& nodes, LoopTime time);
  Awaitable<void> learn_startup_time(LoopId by, NodePtr node);
  // False: a call has to be awaited.
  bool count_at_once(OptionsInARow& options, const Node& node, LoopTime time);
  Readiness& readiness_of(const NodeGroup& group);
  void count(const Node& node, Readiness& into, LoopTime time) const;
  Awaitable<void> count_unregistered(LoopId by, LoopTime time);
  Awaitable<void> update_ranges(LoopId by, Targets targets);
  Awaitable<void> update_requests(LoopId by, TimePoint now);
  Awaitable<void> time_out(LoopId by, ScaleUpRequest request, TimePoint now);
  Awaitable<void> handle_creation_errors(LoopId by, TimePoint now);
  Awaitable<void> handle_creation_errors_of(LoopId by, NodeGroupPtr group, TimePoint now);
  Awaitable<void> update_incorrect_sizes(LoopId by, TimePoint now);
  std::optional<int> raw_upcoming(const std::string& group) const;
  bool is_known(const std::string& group) const;
  Awaitable<void> change_request(LoopId by, NodeGroupPtr group, int delta, TimePoint now);

  CloudProvider& provider_;
  const AutoscalerOptions& options_;
  Clock& clock_;
  const TemplateRegistry& templates_;
  LoopObserver& observer_;
  EventRecorder& events_;
  const bool checks_;
  InstanceCache cache_;
  Backoff backoff_;

  std::map<std::string, ScaleUpRequest> requests_;
  std::vector<ScaleDownRequest> scale_down_requests_;
  std::size_t nodes_ = 0;  // of the cluster
  std::map<std::string, Readiness> per_group_;
  std::vector<Readiness*> by_number_;  // the same by number of the group
  Readiness totals_;
  Duration startup_time_{};  // of the last group seen in a pass: it leaks on (externalgrpc.md 4.1)
  std::map<std::string, AcceptableRange> ranges_;
  std::map<std::string, IncorrectSize> incorrect_;
  // A function of the set of nodes and of the instances: made anew when one of them changes.
  Unregistered unregistered_;
  NodeSet registered_;
  Instances current_instances_;
  Instances previous_instances_;
};

// The stand-in that the provider is asked about: name and provider id are the instance's id.
NodePtr fake_node(const std::string& instance_id, std::string_view reason);

}  // namespace casim::sim

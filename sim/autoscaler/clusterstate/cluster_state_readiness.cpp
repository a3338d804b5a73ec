// The registry's counts of nodes by class (externalgrpc.md 4.1).
#include "sim/autoscaler/cluster/readiness.h"
#include "sim/autoscaler/clusterstate/cluster_state.h"

namespace casim::sim {
Awaitable<void> ClusterState::update_readiness(LoopId by, LoopTime time) {
  per_group_.clear();
  totals_ = Readiness();
  startup_time_ = std::chrono::minutes(15);  // until the first group says otherwise
  const std::vector<NodePtr> nodes = nodes_;
  for (const NodePtr& node : nodes) {
    Result<NodeGroupPtr> group;
    if (const NodeGroupPtr* known = provider_.known_group_of(*node)) {
      group = *known;
    } else {
      group = co_await provider_.group_of(by, node);
    }
    // Once for the group and once for the totals, and each time everything is asked anew.
    if (group && *group != nullptr) {
      if (!learn_startup_time_at_once(by, *node)) co_await learn_startup_time(by, node);
      count(*node, per_group_[(*group)->id()], time);
    }
    if (!learn_startup_time_at_once(by, *node)) co_await learn_startup_time(by, node);
    count(*node, totals_, time);
  }
  co_await count_unregistered(by, time);
}

bool ClusterState::learn_startup_time_at_once(LoopId by, const Node& node) {
  const NodeGroupPtr* const group = provider_.known_group_of(node);
  if (group == nullptr) return false;
  if (!has(Behaviour::kNodeStartupTimeOption, options_.version) || *group == nullptr) return true;
  const auto options = (*group)->options_at_once(by, options_.group_defaults);
  if (!options) return false;
  if (*options) startup_time_ = (*options)->max_node_startup_time;
  return true;
}

Awaitable<void> ClusterState::learn_startup_time(LoopId by, NodePtr node) {
  const Result<NodeGroupPtr> group = co_await provider_.group_of(by, node);
  if (!has(Behaviour::kNodeStartupTimeOption, options_.version)) co_return;
  if (!group || *group == nullptr) co_return;
  const Result<NodeGroupOptions> options = co_await (*group)->options(by, options_.group_defaults);
  if (options) startup_time_ = options->max_node_startup_time;
}

void ClusterState::count(const Node& node, Readiness& into, LoopTime time) const {
  ++into.registered;
  if (node.has_taint(kToBeDeletedTaint)) {
    ++into.deleted;
  } else if (node.suspended && has(Behaviour::kSuspendedNodes, options_.version)) {
    ++into.suspended;
  } else if (is_ready(node)) {
    ++into.ready;
  } else if (node.creation_timestamp + startup_time_ > time.wall) {
    into.not_started.push_back(node.name);
  } else {
    ++into.unready;
  }
}

Awaitable<void> ClusterState::count_unregistered(LoopId by, LoopTime time) {
  const std::map<std::string, UnregisteredNode> waiting = unregistered_;
  for (const auto& [id, instance] : waiting) {
    const Result<NodeGroupPtr> group = co_await provider_.group_of(by, instance.node);
    if (!group || *group == nullptr) continue;
    const Result<Duration> provision = co_await provision_time(by, *group);
    if (!provision) continue;
    Readiness& counts = per_group_[(*group)->id()];
    const bool is_long = instance.since + *provision < time.now;
    ++(is_long ? counts.long_unregistered : counts.unregistered);
    ++(is_long ? totals_.long_unregistered : totals_.unregistered);
  }
}

}  // namespace casim::sim

// The registry's counts of nodes by class (externalgrpc.md 4.1).
#include "sim/autoscaler/cluster/readiness.h"
#include "sim/autoscaler/clusterstate/cluster_state.h"
#include "src/core/prefetch.h"

namespace casim::sim {
Awaitable<void> ClusterState::update_readiness(LoopId by, const std::vector<NodePtr>& nodes,
                                               LoopTime time) {
  per_group_.clear();
  by_number_.clear();
  totals_ = Readiness();
  startup_time_ = std::chrono::minutes(15);  // until the first group says otherwise
  OptionsInARow options(provider_, by, options_.group_defaults);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    prefetch_after(nodes, i);
    const NodePtr& node = nodes[i];
    if (count_at_once(options, *node, time)) continue;
    const Result<NodeGroupPtr> group = co_await provider_.group_of(by, node);
    // Once for the group and once for the totals, and each time everything is asked anew.
    if (group && *group != nullptr) {
      co_await learn_startup_time(by, node);
      count(*node, readiness_of(**group), time);
    }
    co_await learn_startup_time(by, node);
    count(*node, totals_, time);
  }
  options.end();
  co_await count_unregistered(by, time);
}

bool ClusterState::count_at_once(OptionsInARow& options, const Node& node, LoopTime time) {
  constexpr int kCalls = 2;  // once for the group, once for the totals
  const NodeGroupPtr* const group = provider_.known_group_of(node);
  if (group == nullptr || *group == nullptr) {
    options.end();
    return false;
  }
  if (has(Behaviour::kNodeStartupTimeOption, options_.version)) {
    const Result<NodeGroupOptions>* const answer = options.look(**group, kCalls);
    if (answer == nullptr) return false;
    options.make(kCalls);
    if (*answer) startup_time_ = (*answer)->max_node_startup_time;
  }
  count(node, readiness_of(**group), time);
  count(node, totals_, time);
  return true;
}

Readiness& ClusterState::readiness_of(const NodeGroup& group) {
  if (group.number() >= by_number_.size()) by_number_.resize(group.number() + 1);
  Readiness*& known = by_number_[group.number()];
  if (known == nullptr) known = &per_group_[group.id()];
  return *known;
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

// The registry's counts of nodes by class (externalgrpc.md 4.1).
#include "sim/autoscaler/cluster_state.h"
#include "sim/autoscaler/readiness.h"

namespace casim::sim {
namespace {

constexpr int kStartupTimeOption = 35;  // before it is a constant
constexpr int kSuspendedNodes = 36;

}  // namespace

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
    if (group && *group != nullptr) co_await count_node(by, node, per_group_[(*group)->id()], time);
    co_await count_node(by, node, totals_, time);
  }
  co_await count_unregistered(by, time);
}

Awaitable<void> ClusterState::count_node(LoopId by, NodePtr node, Readiness& into, LoopTime time) {
  Result<NodeGroupPtr> group;
  if (const NodeGroupPtr* known = provider_.known_group_of(*node)) {
    group = *known;
  } else {
    group = co_await provider_.group_of(by, node);
  }
  if (options_.version >= kStartupTimeOption && group && *group != nullptr) {
    const Result<NodeGroupOptions> options =
        co_await (*group)->options(by, options_.group_defaults);
    if (options) startup_time_ = options->max_node_startup_time;
  }
  ++into.registered;
  if (node->has_taint(kToBeDeletedTaint)) {
    ++into.deleted;
  } else if (node->suspended && options_.version >= kSuspendedNodes) {
    ++into.suspended;
  } else if (is_ready(*node)) {
    ++into.ready;
  } else if (node->creation_timestamp + startup_time_ > time.wall) {
    into.not_started.push_back(node->name);
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

#include "sim/autoscaler/clusterstate/instance_cache.h"

#include <set>
#include <utility>

#include "src/async/run_all.h"

namespace casim::sim {
namespace {

constexpr Duration kRefreshInterval = std::chrono::minutes(2);

}  // namespace

InstanceCache::InstanceCache(CloudProvider& provider, Clock& clock)
    : provider_(provider), clock_(clock) {}

Awaitable<void> InstanceCache::refresh_periodically() {
  while (true) {
    co_await refresh();
    co_await clock_.sleep_for(kRefreshInterval);
  }
}

Awaitable<void> InstanceCache::refresh() {
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(LoopId());
  std::set<std::string> existing;
  for (const NodeGroupPtr& group : groups) existing.insert(group->id());
  std::erase_if(entries_, [&](const auto& entry) { return !existing.contains(entry.first); });
  for (const NodeGroupPtr& group : groups) {
    Result<std::vector<RpcInstance>> instances = co_await group->nodes(LoopId());
    // An error leaves an empty list, not the old one.
    std::vector<RpcInstance>& entry = entries_[group->id()];
    entry.clear();
    if (instances) entry = std::move(*instances);
  }
}

Awaitable<Result<std::vector<RpcInstance>>> InstanceCache::fetch(LoopId by, NodeGroupPtr group) {
  Result<std::vector<RpcInstance>> instances = co_await group->nodes(by);
  if (instances) entries_[group->id()] = *instances;
  co_return instances;
}

Awaitable<void> InstanceCache::fetch_quietly(LoopId by, NodeGroupPtr group) {
  co_await fetch(by, group);
}

Awaitable<Result<Instances>> InstanceCache::get(LoopId by) {
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  std::vector<Awaitable<void>> fetches;
  for (const NodeGroupPtr& group : groups) {
    if (!entries_.contains(group->id())) fetches.push_back(fetch_quietly(by, group));
  }
  co_await run_all(std::move(fetches));
  Instances result;
  for (const NodeGroupPtr& group : groups) {
    const auto entry = entries_.find(group->id());
    if (entry != entries_.end()) {
      result[group->id()] = entry->second;
      continue;
    }
    Result<std::vector<RpcInstance>> again = co_await fetch(by, group);
    if (!again) co_return std::unexpected(again.error());
    result[group->id()] = std::move(*again);
  }
  co_return result;
}

}  // namespace casim::sim

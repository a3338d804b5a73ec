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
  std::erase_if(stale_, [&](const auto& group) { return !existing.contains(group); });
  for (const NodeGroupPtr& group : groups) {
    Result<std::vector<RpcInstance>> instances = co_await group->nodes(LoopId());
    // An error leaves an empty list, not the old one.
    keep(group->id(), instances ? std::move(*instances) : std::vector<RpcInstance>());
  }
}

Awaitable<Result<RpcInstances>> InstanceCache::fetch(LoopId by, NodeGroupPtr group) {
  Result<std::vector<RpcInstance>> instances = co_await group->nodes(by);
  if (!instances) co_return std::unexpected(instances.error());
  co_return keep(group->id(), std::move(*instances));
}

const RpcInstances& InstanceCache::keep(const std::string& group, std::vector<RpcInstance> list) {
  stale_.erase(group);
  RpcInstances& entry = entries_[group];
  entry.update(std::move(list));
  return entry;
}

Awaitable<void> InstanceCache::fetch_quietly(LoopId by, NodeGroupPtr group) {
  co_await fetch(by, group);
}

Awaitable<Result<Instances>> InstanceCache::get(LoopId by) {
  const std::vector<NodeGroupPtr> groups = co_await provider_.node_groups(by);
  std::vector<Awaitable<void>> fetches;
  for (const NodeGroupPtr& group : groups) {
    if (!is_fresh(group->id())) fetches.push_back(fetch_quietly(by, group));
  }
  co_await run_all(std::move(fetches));
  Instances result;
  for (const NodeGroupPtr& group : groups) {
    if (is_fresh(group->id())) {
      result[group->id()] = entries_.at(group->id());
      continue;
    }
    Result<RpcInstances> again = co_await fetch(by, group);
    if (!again) co_return std::unexpected(again.error());
    result[group->id()] = std::move(*again);
  }
  co_return result;
}

}  // namespace casim::sim

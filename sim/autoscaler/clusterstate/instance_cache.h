// The cluster-state registry's cache in front of NodeGroupNodes: filled when asked and by a
// background refresher every two minutes. Source: externalgrpc.md 2.5.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "src/core/clock.h"

namespace casim::sim {

using Instances = std::map<std::string, std::vector<RpcInstance>>;  // by group id

// Upstream's CloudProviderNodeInstancesCache.
class InstanceCache {
 public:
  // All outlive it.
  InstanceCache(CloudProvider& provider, Clock& clock);

  // Runs for ever: all groups one after the other, then two minutes of rest.
  Awaitable<void> refresh_periodically();

  // Missing groups are fetched side by side; one that fails is tried once more, alone.
  Awaitable<Result<Instances>> get(LoopId by);

  // The next get() asks for the group again.
  void invalidate(const std::string& group) { entries_.erase(group); }

 private:
  Awaitable<void> refresh();
  Awaitable<void> fetch_quietly(LoopId by, NodeGroupPtr group);
  Awaitable<Result<std::vector<RpcInstance>>> fetch(LoopId by, NodeGroupPtr group);

  CloudProvider& provider_;
  Clock& clock_;
  Instances entries_;
};

}  // namespace casim::sim

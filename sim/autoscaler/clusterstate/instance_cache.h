// The cluster-state registry's cache in front of NodeGroupNodes: filled when asked and by a
// background refresher every two minutes. Source: externalgrpc.md 2.5.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/autoscaler/cloudprovider/cloud_provider.h"
#include "src/core/clock.h"

namespace casim::sim {

// A group's instances as they were listed, shared by whoever keeps them. Never null.
class RpcInstances {
 public:
  explicit RpcInstances(std::vector<RpcInstance> list = {})
      : list_(std::make_shared<const std::vector<RpcInstance>>(std::move(list))) {}

  auto begin() const { return list_->begin(); }

  auto end() const { return list_->end(); }

  // One list, so equal without a look.
  bool is_same(const RpcInstances& other) const { return list_ == other.list_; }

  // Stays the same one if this list is equal to it.
  void update(std::vector<RpcInstance> list) {
    if (list != *list_) *this = RpcInstances(std::move(list));
  }

 private:
  std::shared_ptr<const std::vector<RpcInstance>> list_;
};

using Instances = std::map<std::string, RpcInstances>;  // by group id

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
  void invalidate(const std::string& group) { stale_.insert(group); }

 private:
  Awaitable<void> refresh();
  Awaitable<void> fetch_quietly(LoopId by, NodeGroupPtr group);
  Awaitable<Result<RpcInstances>> fetch(LoopId by, NodeGroupPtr group);

  CloudProvider& provider_;
  Clock& clock_;

  bool is_fresh(const std::string& group) const {
    return entries_.contains(group) && !stale_.contains(group);
  }

  const RpcInstances& keep(const std::string& group, std::vector<RpcInstance> list);

  Instances entries_;
  std::set<std::string> stale_;  // of them: what they are is to be asked anew
};

}  // namespace casim::sim

#include "sim/ec2/pools.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "src/core/random.h"

namespace casim::sim {

namespace {

bool matches(const PoolCapacity& entry, const std::string& type, const std::string& zone,
             ec2::Lifecycle lifecycle) {
  return entry.lifecycle == lifecycle && (entry.type.empty() || entry.type == type) &&
         (entry.zone.empty() || entry.zone == zone);
}

}  // namespace

InstancePools::InstancePools(const Ec2Config& config) : config_(config) {}

InstancePool& InstancePools::of(const std::string& type, const std::string& zone,
                                ec2::Lifecycle lifecycle) {
  Key key{type, zone, lifecycle};
  const auto found = pools_.find(key);
  if (found != pools_.end()) return found->second;
  InstancePool pool = make(key);
  return pools_.emplace(std::move(key), pool).first->second;
}

InstancePool InstancePools::make(const Key& key) {
  const bool spot = key.lifecycle == ec2::Lifecycle::kSpot;
  InstancePool pool;
  pool.key = hash_bytes(key.type + "|" + key.zone + (spot ? "|spot" : "|on-demand"));
  pool.vcpus = config_.catalogue->at(key.type).vcpus;
  for (const PoolCapacity& entry : config_.capacity.pools) {
    if (!matches(entry, key.type, key.zone, key.lifecycle)) continue;
    pool.capacity = entry.instances;
    break;
  }
  const std::string family = quota_family(key.type);
  const auto own = config_.vcpu_quota_of_family.find(family);
  const int limit = own == config_.vcpu_quota_of_family.end() ? config_.vcpu_quota : own->second;
  pool.quota =
      &quotas_.try_emplace(family + (spot ? "-spot" : ""), VcpuQuota{.limit = limit}).first->second;
  return pool;
}

int InstancePools::room_in_quota(const InstancePool& pool) {
  return std::max(0, pool.quota->limit - pool.quota->used) / pool.vcpus;
}

int InstancePools::room_in_pool(const InstancePool& pool) {
  if (!pool.capacity) return std::numeric_limits<int>::max();
  return std::max(0, *pool.capacity - pool.live);
}

void InstancePools::reserve(InstancePool& pool, int count) {
  take(pool, count);
  pool.launches += static_cast<std::uint64_t>(count);
}

void InstancePools::take(InstancePool& pool, int count) {
  assert(count > 0);
  assert(count <= room_in_quota(pool));
  assert(count <= room_in_pool(pool));
  pool.live += count;
  pool.quota->used += count * pool.vcpus;
  pool.quota->peak = std::max(pool.quota->peak, pool.quota->used);
}

void InstancePools::release(InstancePool& pool, int count) {
  pool.live -= count;
  pool.quota->used -= count * pool.vcpus;
  assert(pool.live >= 0);
  assert(pool.quota->used >= 0);
}

}  // namespace casim::sim

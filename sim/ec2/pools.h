// Pools of machines (type x zone x lifecycle): what EC2 has of them, and what of it the
// account may use. A pool counts its accepted launches; the number names each launch's luck.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sim/ec2/config.h"
#include "src/ec2/types.h"

namespace casim::sim {

// Live vCPU of one quota bucket. An instance counts until it is terminated or stopped (A: EVC says
// that terminated ones may still count for a while).
struct VcpuQuota {
  int limit = 0;
  int used = 0;
  int peak = 0;  // the most that were used at one time
};

// Machines of one type, zone and lifecycle.
struct InstancePool {
  std::uint64_t key = 0;  // hash of type, zone and lifecycle
  int vcpus = 0;          // of one instance
  std::uint64_t launches = 0;
  std::uint64_t capacity_questions = 0;  // put to the conditions
  int live = 0;                          // neither terminated nor stopped
  std::optional<int> capacity;           // none: EC2 never runs out
  VcpuQuota* quota = nullptr;
};

// The pools that were asked for so far, with the quotas that they share.
class InstancePools {
 public:
  explicit InstancePools(const Ec2Config& config);
  InstancePools(const InstancePools&) = delete;
  InstancePools& operator=(const InstancePools&) = delete;

  // Stays where it is. Requires: a type of the catalogue.
  InstancePool& of(const std::string& type, const std::string& zone, ec2::Lifecycle lifecycle);

  // How many more instances the quota and the pool allow, each by itself.
  static int room_in_quota(const InstancePool& pool);
  static int room_in_pool(const InstancePool& pool);
  static void reserve(InstancePool& pool, int count);  // for as many launches
  static void take(InstancePool& pool, int count);     // of room and quota; Requires: there is both
  static void release(InstancePool& pool, int count);

  // By family, "standard", with "-spot" behind it for Spot.
  const std::map<std::string, VcpuQuota>& quotas() const { return quotas_; }

 private:
  struct Key {
    std::string type;
    std::string zone;
    ec2::Lifecycle lifecycle;

    auto operator<=>(const Key&) const = default;
  };

  InstancePool make(const Key& key);

  const Ec2Config& config_;
  std::map<Key, InstancePool> pools_;
  std::map<std::string, VcpuQuota> quotas_;
};

}  // namespace casim::sim

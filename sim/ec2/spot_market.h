// EC2 takes Spot instances back, pool by pool: events come to a pool as a Poisson process, and each
// interrupts a part of the instances that run there, one after the other within three minutes. What
// an instance risks in an hour is the scenario's; a pool without Spot instances costs nothing.
// Draws are named by pool and number of the event, and by instance. Source: ec2.md 5.6.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/ec2/config.h"
#include "sim/ec2/fleet.h"
#include "sim/ec2/instance_listener.h"
#include "sim/kernel/kernel.h"
#include "src/core/random.h"

namespace casim::sim {

// Of one account in one Region.
class SpotMarket final : public InstanceListener {
 public:
  // All outlive it.
  SpotMarket(Kernel& kernel, const Random& random, const SpotConfig& config, Fleet& fleet);

  void on_running(const ec2::Instance& instance) override;

  void on_terminating(const ec2::Instance& /*instance*/) override {}

  void on_terminated(const ec2::Instance& /*instance*/) override {}

 private:
  using PoolName = std::pair<std::string, std::string>;  // type, zone

  struct Pool {
    std::uint64_t key = 0;
    std::uint64_t events = 0;  // drawn so far
    TimePoint next{};          // of the last one drawn
    bool is_watched = false;
  };

  void watch(const PoolName& name, Pool& pool);
  void come(const PoolName& name);
  // Numbers of the instances that run there.
  std::vector<std::uint64_t> running(const PoolName& name) const;

  Kernel& kernel_;
  const Random& random_;
  const SpotConfig& config_;
  Fleet& fleet_;
  std::map<PoolName, Pool> pools_;  // that had a Spot instance
};

}  // namespace casim::sim

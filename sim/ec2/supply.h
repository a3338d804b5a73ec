// Whether EC2 has machines of a pool to give, where the scenario lets pools come and go. Two Markov
// processes for a pool: its own, and one that all zones of its type share; it is out of supply
// while either is. Each is followed only when a launch asks, from draws named by pool and sojourn.
// Source: ec2.md 5.4 (A).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/ec2/conditions.h"
#include "sim/ec2/config.h"
#include "sim/ec2/pools.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

// Up and down by turns, with exponential sojourns; in equilibrium at time zero.
class TwoStateProcess {
 public:
  // Means above 0, in seconds; an infinite `mean_up` never ends.
  TwoStateProcess(const Random& random, double mean_up_s, double mean_down_s, std::uint64_t key);

  // Times that it is asked about do not go back.
  bool is_down(TimePoint now);

 private:
  void draw_sojourn();

  const Random& random_;
  double mean_up_s_;
  double mean_down_s_;
  std::uint64_t key_;
  std::uint64_t sojourns_ = 0;
  bool is_down_ = false;
  TimePoint until_{};  // end of the sojourn
};

class Supply {
 public:
  // Both outlive it.
  Supply(const Random& random, const std::vector<PoolShortages>& shortages)
      : random_(random), shortages_(shortages) {}

  // For one launch in the pool. Times do not go back.
  bool has(const InstancePool& pool, const CapacityQuestion& question);

 private:
  const PoolShortages* find(const CapacityQuestion& question) const;
  // The process of that key, made when it is first asked for; of all spells it has that share.
  TwoStateProcess& process(std::uint64_t key, const PoolShortages& shortages, double share);

  const Random& random_;
  const std::vector<PoolShortages>& shortages_;
  std::map<std::uint64_t, TwoStateProcess> processes_;
};

}  // namespace casim::sim

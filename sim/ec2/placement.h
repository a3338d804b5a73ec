// Where machines are asked for, and how many of them EC2 gives there: the zone's offer, the quota,
// the pool, the conditions. For every action that needs machines. Source: ec2.md 1.4, 2, 5.4.
#pragma once

#include <string>

#include "sim/ec2/ec2_state.h"
#include "src/ec2/attempt.h"
#include "src/ec2/types.h"

namespace casim::sim {

struct Placement {
  std::string type;
  std::string zone;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
};

// Where a request lands that names no zone (A).
std::string zone_or_default(const Ec2Config& config, const std::string& zone);

// Between how many machines are wanted.
struct Wanted {
  int least = 1;
  int most = 1;
};

// Type and zone exist, and the zone offers the type: InvalidParameterValue, Unsupported.
ec2::Attempt<void> check_placement(const Ec2Config& config, const Placement& placement);

// As many as fit, if they are enough: VcpuLimitExceeded (of Spot: MaxSpotInstanceCountExceeded),
// InsufficientInstanceCapacity. Conditions: nullptr: not asked. Requires: the placement passed the
// check.
ec2::Attempt<int> fitting(Ec2State& state, const Placement& placement, const Wanted& wanted,
                          const Ec2Conditions* conditions);

}  // namespace casim::sim

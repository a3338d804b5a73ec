// What the little world's provider says of a group: the truth, or what a fault makes of it.
#pragma once

#include <vector>

#include "oracle/loops/little_world.h"
#include "sim/autoscaler/cloudprovider/provider_rpc.h"

namespace casim::oracle {

// `wrong` null: the truth.
int told_target(const LittleWorld::Group& group, const WrongGiven* wrong, TimePoint now);
std::vector<sim::RpcInstance> told_instances(const LittleWorld::Group& group,
                                             const WrongGiven* wrong, TimePoint now);

}  // namespace casim::oracle

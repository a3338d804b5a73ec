// How a Deployment replaces pods of an old template, and what that is in pods.
// Source: [k8s:pkg/controller/deployment/util/deployment_util.go] ResolveFenceposts.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/cluster/int_or_percent.h"

namespace casim::sim {

struct DeploymentStrategy {
  bool recreate = false;                                     // else RollingUpdate
  IntOrPercent max_surge = IntOrPercent::percent(25);        // rounded up
  IntOrPercent max_unavailable = IntOrPercent::percent(25);  // rounded down
};

struct Fenceposts {
  std::int64_t surge = 0;
  std::int64_t unavailable = 0;
};

// At least one of them is above 0, or nothing would move.
inline Fenceposts fenceposts(const DeploymentStrategy& strategy, std::int64_t replicas) {
  if (strategy.recreate) return {};
  Fenceposts posts{strategy.max_surge.rounded_up(replicas),
                   strategy.max_unavailable.rounded_down(replicas)};
  if (posts.surge == 0 && posts.unavailable == 0) posts.unavailable = 1;
  posts.unavailable = std::min(posts.unavailable, replicas);
  return posts;
}

}  // namespace casim::sim

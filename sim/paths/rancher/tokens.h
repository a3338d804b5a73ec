// Rancher's registration tokens of one cluster: each lives for its time, is rotated at its end, and
// is good for a grace period beyond. The first one lives longer by chance, so that clusters do not
// rotate together. Source: provisioning-paths.md 3.2 [RA clusterregistrationtoken].
#pragma once

#include "sim/paths/rancher/config.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

class RancherTokens {
 public:
  RancherTokens(const RancherTokenConfig& config, const Random& random);

  // Until when the token is accepted that is current at `at`; kTimeNever: for ever.
  TimePoint good_until(TimePoint at) const;

 private:
  Duration ttl_;
  Duration grace_;
  TimePoint first_rotation_ = kTimeNever;
};

}  // namespace casim::sim

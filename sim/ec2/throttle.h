// Which requests EC2 lets pass: for each action a bucket of requests, and for some a second one of
// instances. A request passes only if both have enough; a rejected one takes from neither.
// Source: ec2.md section 3 (A).
#pragma once

#include <optional>
#include <vector>

#include "sim/ec2/charge.h"
#include "sim/ec2/config.h"
#include "sim/ec2/refill_bucket.h"
#include "src/core/time.h"
#include "src/ec2/action.h"

namespace casim::sim {

// The buckets of all actions.
class Ec2Throttle {
 public:
  explicit Ec2Throttle(const ThrottleConfig& config);

  // Takes the charge, or nothing when it refuses. Times do not go back.
  bool admit(ec2::Action action, const Charge& charge, TimePoint now);

  // Of the account; see Ec2Model. Requires for removal: it was added.
  void add_neighbour(ec2::Action action, double share, TimePoint now);
  void remove_neighbour(ec2::Action action, double share, TimePoint now);

 private:
  // An action's, made from its row of the table.
  struct Buckets {
    RefillBucket requests;
    std::optional<RefillBucket> requests_for_everything;
    std::optional<RefillBucket> instances;
    std::vector<double> neighbours;  // the share of each

    void divide_refill(TimePoint now);
  };

  bool unlimited_;
  std::vector<Buckets> by_action_;
};

}  // namespace casim::sim

// Which requests EC2 lets pass: one bucket of requests per action, and for RunInstances and
// TerminateInstances one of instances. A request passes only if both have enough; a rejected one
// takes from neither (ec2.md section 3, A). RunInstances is charged MaxCount.
#pragma once

#include "sim/ec2/config.h"
#include "sim/ec2/refill_bucket.h"
#include "src/core/time.h"

namespace casim::sim {

class Ec2Throttle {
 public:
  explicit Ec2Throttle(const ThrottleConfig& config);

  bool admit_run(int max_count, TimePoint now);
  bool admit_terminate(std::size_t instances, TimePoint now);
  // `narrowed`: by a filter, a page or ids.
  bool admit_describe(bool narrowed, TimePoint now);

 private:
  bool unlimited_;
  RefillBucket run_requests_;
  RefillBucket run_resources_;
  RefillBucket terminate_requests_;
  RefillBucket terminate_resources_;
  RefillBucket describe_;
  RefillBucket describe_all_;
};

}  // namespace casim::sim

// A token bucket as EC2 documents it: refilled by a fixed amount at each whole second of the
// timeline, surplus discarded. Holds real numbers. Source: ec2.md section 3 (THR).
#pragma once

#include <cstdint>

#include "sim/ec2/config.h"
#include "src/core/time.h"

namespace casim::sim {

// Times that it is asked about do not go back.
class RefillBucket {
 public:
  explicit RefillBucket(BucketConfig config);  // full at time zero

  // Whether so many tokens are in it.
  bool has(double amount, TimePoint now);
  void take(double amount);  // Requires: has(amount) just now
  // From the next whole second on only this share of the refill gets in.
  void set_refill_share(double share, TimePoint now);

 private:
  void refill_until(TimePoint now);

  BucketConfig config_;
  double refill_share_ = 1;
  double tokens_;
  std::int64_t second_ = 0;  // of the last refill
};

}  // namespace casim::sim

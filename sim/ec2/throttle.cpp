#include "sim/ec2/throttle.h"

namespace casim::sim {

namespace {

RefillBucket bucket_of(const BucketConfig& bucket, double raised) {
  return RefillBucket({bucket.capacity * raised, bucket.refill * raised});
}

bool take_from_both(RefillBucket& requests, RefillBucket& resources, double instances,
                    TimePoint now) {
  const bool has_request = requests.has(1, now);
  const bool has_resources = resources.has(instances, now);
  if (!has_request || !has_resources) return false;
  requests.take(1);
  resources.take(instances);
  return true;
}

}  // namespace

Ec2Throttle::Ec2Throttle(const ThrottleConfig& config)
    : unlimited_(config.unlimited),
      run_requests_(bucket_of(config.run_requests, config.raised)),
      run_resources_(bucket_of(config.run_resources, config.raised)),
      terminate_requests_(bucket_of(config.terminate_requests, config.raised)),
      terminate_resources_(bucket_of(config.terminate_resources, config.raised)),
      describe_(bucket_of(config.describe, config.raised)),
      describe_all_(bucket_of(config.describe_all, config.raised)) {}

bool Ec2Throttle::admit_run(int max_count, TimePoint now) {
  if (unlimited_) return true;
  return take_from_both(run_requests_, run_resources_, max_count > 0 ? max_count : 0, now);
}

bool Ec2Throttle::admit_terminate(std::size_t instances, TimePoint now) {
  if (unlimited_) return true;
  return take_from_both(terminate_requests_, terminate_resources_, static_cast<double>(instances),
                        now);
}

bool Ec2Throttle::admit_describe(bool narrowed, TimePoint now) {
  if (unlimited_) return true;
  RefillBucket& bucket = narrowed ? describe_ : describe_all_;
  if (!bucket.has(1, now)) return false;
  bucket.take(1);
  return true;
}

}  // namespace casim::sim

#include "sim/ec2/throttle.h"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "sim/ec2/action_table.h"

namespace casim::sim {
namespace {

RefillBucket bucket(BucketConfig ThrottleConfig::* which, const ThrottleConfig& config) {
  const BucketConfig& size = config.*which;
  return RefillBucket({.capacity = size.capacity * config.limit_factor,
                       .refill = size.refill * config.limit_factor});
}

std::optional<RefillBucket> bucket_if(BucketConfig ThrottleConfig::* which,
                                      const ThrottleConfig& config) {
  if (which == nullptr) return std::nullopt;
  return bucket(which, config);
}

}  // namespace

Ec2Throttle::Ec2Throttle(const ThrottleConfig& config) : unlimited_(config.unlimited) {
  const auto add = [&](const ActionBuckets& row) {
    by_action_.push_back({.requests = bucket(row.requests, config),
                          .requests_for_everything = bucket_if(row.requests_for_everything, config),
                          .instances = bucket_if(row.instances, config),
                          .neighbours = {}});
  };
  std::apply([&](const auto&... rows) { (add(rows.buckets), ...); }, kActionTable);
}

bool Ec2Throttle::admit(ec2::Action action, const Charge& charge, TimePoint now) {
  if (unlimited_) return true;
  Buckets& buckets = by_action_[ec2::index_of(action)];
  RefillBucket& requests = charge.for_everything && buckets.requests_for_everything
                               ? *buckets.requests_for_everything
                               : buckets.requests;
  if (!requests.has(1, now)) return false;
  if (buckets.instances && !buckets.instances->has(charge.instances, now)) return false;
  requests.take(1);
  if (buckets.instances) buckets.instances->take(charge.instances);
  return true;
}

void Ec2Throttle::add_neighbour(ec2::Action action, double share, TimePoint now) {
  Buckets& buckets = by_action_[ec2::index_of(action)];
  buckets.neighbours.push_back(share);
  buckets.divide_refill(now);
}

void Ec2Throttle::remove_neighbour(ec2::Action action, double share, TimePoint now) {
  Buckets& buckets = by_action_[ec2::index_of(action)];
  const auto found = std::ranges::find(buckets.neighbours, share);
  assert(found != buckets.neighbours.end());
  buckets.neighbours.erase(found);
  buckets.divide_refill(now);
}

void Ec2Throttle::Buckets::divide_refill(TimePoint now) {
  double left = 1;
  for (const double share : neighbours) left *= 1 - share;
  requests.set_refill_share(left, now);
  if (requests_for_everything) requests_for_everything->set_refill_share(left, now);
  if (instances) instances->set_refill_share(left, now);
}

}  // namespace casim::sim

#include "sim/ec2/spot_market.h"

#include <algorithm>

#include "src/core/distribution.h"

namespace casim::sim {
namespace {

// Mean part of a pool that an event interrupts (5.6).
constexpr double kMeanPart = 0.5;

// Share of the events that interrupt less than the part x: Beta(2, 2). Its mean is that of 5.6, its
// shape is assumed. An instance is hit if its own luck is below the part, so the part itself, the
// inverse, is never needed.
double share_below(double x) { return x * x * (3 - 2 * x); }

}  // namespace

SpotMarket::SpotMarket(Kernel& kernel, const Random& random, const SpotConfig& config, Fleet& fleet)
    : kernel_(kernel), random_(random), config_(config), fleet_(fleet) {}

void SpotMarket::on_running(const ec2::Instance& instance) {
  if (instance.lifecycle != ec2::Lifecycle::kSpot || hazard_per_hour(config_) <= 0) return;
  const PoolName name{instance.type, instance.zone};
  const auto [entry, is_new] = pools_.try_emplace(name);
  Pool& pool = entry->second;
  if (is_new) pool.key = hash_bytes(instance.type + "|" + instance.zone);
  watch(name, pool);
}

// Events of a time without instances are passed over.
void SpotMarket::watch(const PoolName& name, Pool& pool) {
  if (pool.is_watched) return;
  const double mean_s = 3600 * kMeanPart / hazard_per_hour(config_);
  const Distribution between(Exponential{mean_s});
  while (pool.events == 0 || pool.next <= kernel_.now()) {
    const double u = random_.uniform("ec2.spot.event", pool.key, pool.events++);
    const Duration length = std::max(between.duration(u), Duration(std::chrono::milliseconds(1)));
    pool.next = std::min(pool.next, kTimeNever - length) + length;
  }
  if (pool.next == kTimeNever) return;
  pool.is_watched = true;
  kernel_.at(pool.next, Phase::kWorld, [this, name] { come(name); });
}

void SpotMarket::come(const PoolName& name) {
  Pool& pool = pools_.at(name);
  pool.is_watched = false;
  const std::vector<std::uint64_t> there = running(name);
  if (there.empty()) return;
  const std::uint64_t event = hash_combine(pool.key, pool.events);
  const double part = random_.uniform("ec2.spot.part", event, 0);
  for (const std::uint64_t number : there) {
    const std::uint64_t id = hash_bytes(fleet_.find(number)->shape().id);
    if (share_below(random_.uniform("ec2.spot.hit", event, id)) >= part) continue;
    const double u = random_.uniform("ec2.spot.spread", event, id);
    fleet_.interrupt(number, from_seconds(u * to_seconds(config_.spread)), kSpotNotice);
  }
  watch(name, pool);
}

std::vector<std::uint64_t> SpotMarket::running(const PoolName& name) const {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, instance] : fleet_.all()) {
    const ec2::Instance& shape = instance.shape();
    if (shape.lifecycle != ec2::Lifecycle::kSpot || shape.type != name.first) continue;
    if (shape.zone != name.second || shape.state != ec2::InstanceState::kRunning) continue;
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace casim::sim

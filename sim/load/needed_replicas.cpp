#include "sim/load/needed_replicas.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace casim::sim {
namespace {

// So many replicas are enough up to this load. Doubles lose a little: 4.2 cores at 0.35 are 12.
double enough_up_to(const NeededReplicas::Share& share, std::int32_t replicas) {
  return replicas * share.per_replica * (1 + 1e-9);
}

}  // namespace

NeededReplicas::NeededReplicas(std::vector<Share> shares, std::int32_t min, std::int32_t max)
    : shares_(std::move(shares)), min_(min), max_(max) {}

std::int32_t NeededReplicas::of(const Share& share, TimePoint t) const {
  const double load = share.load.at(t);
  // The number before the rounded one may already be enough.
  const double around = std::clamp(std::ceil(load / share.per_replica), 0.0, 1.0 + max_);
  auto replicas = static_cast<std::int32_t>(around);
  if (replicas > 0 && load <= enough_up_to(share, replicas - 1)) --replicas;
  return std::clamp(replicas, min_, max_);
}

std::int32_t NeededReplicas::at(TimePoint t) const {
  std::int32_t most = min_;
  for (const Share& share : shares_) most = std::max(most, of(share, t));
  return most;
}

TimePoint NeededReplicas::next_change(TimePoint t) const {
  constexpr double kNever = std::numeric_limits<double>::infinity();
  const std::int32_t now = at(t);
  while (t < kTimeNever) {
    TimePoint next = kTimeNever;
    for (const Share& share : shares_) {
      const std::int32_t replicas = of(share, t);
      const double low = replicas == min_ ? -kNever : enough_up_to(share, replicas - 1);
      const double high = replicas == max_ ? kNever : enough_up_to(share, replicas);
      next = std::min(next, share.load.leaves(t, low, high));
    }
    if (next == kTimeNever || at(next) != now) return next;
    t = next;
  }
  return kTimeNever;
}

}  // namespace casim::sim

#include "sim/apiserver/heartbeat.h"

#include <algorithm>

namespace casim::sim {

std::optional<TimePoint> Beats::last(TimePoint now) const {
  const TimePoint end = std::min(now, until);
  if (period == Duration{} || end < first) return std::nullopt;
  return first + (end - first) / period * period;
}

void Heartbeat::start(Beats lease, Beats status) {
  lease_ = lease;
  status_ = status;
}

void Heartbeat::stop(TimePoint now) {
  lease_.until = std::min(lease_.until, now);
  stop_status(now);
}

void Heartbeat::stop_status(TimePoint now) { status_.until = std::min(status_.until, now); }

void Heartbeat::post(TimePoint now) { posts_.push_back(now); }

std::optional<TimePoint> Heartbeat::last_seen(const Beats& beats, TimePoint now) const {
  std::optional<TimePoint> sign = beats.last(now);
  while (sign && !is_seen(*sign)) sign = beats.last(outages_->last_heard(*sign));
  return sign;
}

std::optional<TimePoint> Heartbeat::renewed_at(TimePoint now) const {
  return last_seen(lease_, now);
}

std::optional<TimePoint> Heartbeat::posted_at(TimePoint now) const {
  const std::optional<TimePoint> regular = last_seen(status_, now);
  auto after = std::ranges::upper_bound(posts_, now);
  while (after != posts_.begin() && !is_seen(*(after - 1))) --after;
  if (after == posts_.begin()) return regular;
  return regular ? std::max(*regular, *(after - 1)) : *(after - 1);
}

std::optional<Duration> Heartbeat::lasting_period() const {
  if (lease_.period == Duration{} || lease_.until != kTimeNever) return std::nullopt;
  return lease_.period;
}

}  // namespace casim::sim

#include "sim/autoscaler/clusterstate/backoff.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

Backoff::Backoff(Duration initial, Duration max, Duration reset)
    : initial_(initial), max_(max), reset_(reset) {}

TimePoint Backoff::fail(const std::string& group, InstanceErrorInfo error, TimePoint now) {
  const auto [entry, is_new] = entries_.try_emplace(group);
  Entry& e = entry->second;
  if (is_new) {
    e.duration = initial_;
  } else if (e.until < now) {
    // Once it has run out it doubles; a failure before that starts the same span again.
    e.duration = std::min(2 * e.duration, max_);
  }
  e.until = now + e.duration;
  e.last_failure = now;
  e.error = std::move(error);
  return e.until;
}

const InstanceErrorInfo* Backoff::error_of(const std::string& group, TimePoint now) const {
  const auto entry = entries_.find(group);
  if (entry == entries_.end() || entry->second.until < now) return nullptr;
  return &entry->second.error;
}

void Backoff::forget_stale(TimePoint now) {
  std::erase_if(entries_,
                [&](const auto& entry) { return entry.second.last_failure + reset_ < now; });
}

}  // namespace casim::sim

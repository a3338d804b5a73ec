#include "sim/workloads/work_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

WorkQueue::WorkQueue(Kernel& kernel, int workers, Sync sync, QueueBackoff backoff)
    : kernel_(kernel),
      free_workers_(workers),
      sync_(std::move(sync)),
      backoff_(backoff),
      tries_(backoff.qps, backoff.burst) {
  assert(workers > 0);
}

WorkQueue::Entry& WorkQueue::entry(Key key) {
  if (entries_.size() <= key) entries_.resize(key + 1);
  return entries_[key];
}

void WorkQueue::add(Key key) {
  Entry& of = entry(key);
  if (of.is_queued) return;
  of.is_queued = true;
  if (of.is_syncing) return;
  line_.push_back(key);
  dispatch_soon();
}

void WorkQueue::add_after(Key key, Duration delay) {
  if (delay <= Duration{}) return add(key);
  Entry& of = entry(key);
  const TimePoint at = kernel_.now() + delay;
  if (of.later_at <= at) return;
  kernel_.cancel(of.later);
  of.later_at = at;
  of.later = kernel_.at(at, Phase::kWorld, [this, key] {
    entry(key).later_at = kTimeNever;
    add(key);
  });
}

void WorkQueue::add_rate_limited(Key key) {
  const std::uint32_t before = std::min(entry(key).failures++, 30U);
  const Duration backoff = std::min(backoff_.longest, backoff_.first * (std::int64_t{1} << before));
  // A turn is taken also by a key that waits longer.
  add_after(key, std::max(backoff, tries_.reserve(kernel_.now()) - kernel_.now()));
}

void WorkQueue::end(Key key, bool ok) {
  Entry& of = entry(key);
  assert(of.is_syncing);
  of.is_syncing = false;
  ++free_workers_;
  if (of.is_queued) line_.push_back(key);
  if (ok) {
    of.failures = 0;
  } else {
    add_rate_limited(key);
  }
  if (!line_.empty()) dispatch_soon();
}

void WorkQueue::dispatch_soon() {
  if (is_dispatching_ || free_workers_ == 0) return;
  is_dispatching_ = true;
  kernel_.at(kernel_.now(), Phase::kWorld, [this] { dispatch(); });
}

void WorkQueue::dispatch() {
  is_dispatching_ = false;
  while (free_workers_ > 0 && !line_.empty()) {
    const Key key = line_.front();
    line_.pop_front();
    Entry& of = entry(key);
    of.is_queued = false;
    of.is_syncing = true;
    --free_workers_;
    sync_(key);
  }
}

}  // namespace casim::sim

#include "sim/paths/queue/work_queue.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

namespace casim::sim {

WorkQueue::WorkQueue(Kernel& kernel, int workers, Sync sync, QueueBackoff backoff)
    : WorkQueue(kernel, workers, std::move(sync),
                QueueRules{.backoff = backoff, .has_one_time = false, .spacing = {}, .hold = {}}) {}

WorkQueue::WorkQueue(Kernel& kernel, int workers, Sync sync, QueueRules rules)
    : kernel_(kernel),
      workers_(workers),
      free_workers_(workers),
      sync_(std::move(sync)),
      rules_(std::move(rules)),
      tries_(rules_.backoff.qps, rules_.backoff.burst) {
  assert(workers > 0);
}

WorkQueue::Entry& WorkQueue::entry(Key key) {
  if (entries_.size() <= key) entries_.resize(key + 1);
  return entries_[key];
}

void WorkQueue::add(Key key) {
  Entry& of = entry(key);
  if (rules_.has_one_time) drop_wait(of);
  if (of.is_queued) return;
  of.is_queued = true;
  // The priority queue keeps the place of a key that is synced; the classic one gives it a place
  // when that has ended.
  if (of.is_syncing && !rules_.has_one_time) return;
  line_.push_back(key);
  dispatch_soon();
}

void WorkQueue::add_after(Key key, Duration delay) {
  if (delay <= Duration{}) return add(key);
  Entry& of = entry(key);
  if (rules_.has_one_time && of.is_queued) return;
  const TimePoint at = kernel_.now() + delay;
  if (of.later_at <= at) return;
  kernel_.cancel(of.later);
  of.later_at = at;
  of.later = kernel_.at(at, Phase::kWorld, [this, key] {
    entry(key).later_at = kTimeNever;
    add(key);
  });
}

void WorkQueue::drop_wait(Entry& of) {
  if (of.later_at == kTimeNever) return;
  kernel_.cancel(of.later);
  of.later_at = kTimeNever;
}

Duration WorkQueue::backoff_of(std::uint32_t failures_before) const {
  const QueueBackoff& rule = rules_.backoff;
  const double wait = std::ldexp(static_cast<double>(rule.first.count()),
                                 static_cast<int>(std::min(failures_before, 62U)));
  const auto most = static_cast<double>(rule.longest.count());
  if (wait >= most) return rule.longest;
  return std::min(rule.longest, rule.on_top + Duration(static_cast<Duration::rep>(wait)));
}

void WorkQueue::add_rate_limited(Key key) {
  const Duration backoff = backoff_of(entry(key).failures++);
  // A turn is taken also by a key that waits longer.
  add_after(key, std::max(backoff, tries_.reserve(kernel_.now()) - kernel_.now()));
}

void WorkQueue::finish(Entry& of, Key key) {
  assert(of.is_syncing);
  of.is_syncing = false;
  ++free_workers_;
  if (of.is_queued && !rules_.has_one_time) line_.push_back(key);
}

void WorkQueue::end(Key key, bool ok) {
  finish(entry(key), key);
  if (ok) {
    entry(key).failures = 0;
  } else {
    add_rate_limited(key);
  }
  if (!line_.empty()) dispatch_soon();
}

void WorkQueue::end_after(Key key, Duration delay) {
  Entry& of = entry(key);
  finish(of, key);
  of.failures = 0;
  const TimePoint now = kernel_.now();
  const Duration least = of.not_before > now ? of.not_before - now : rules_.spacing;
  add_after(key, std::max(delay, least));
  if (!line_.empty()) dispatch_soon();
}

void WorkQueue::defer(Key key, Duration delay) {
  Entry& of = entry(key);
  of.not_before = std::max(of.not_before, kernel_.now() + delay);
}

void WorkQueue::clear() {
  for (Entry& of : entries_) drop_wait(of);
  entries_.clear();
  line_.clear();
  free_workers_ = workers_;
  if (is_dispatching_) kernel_.cancel(dispatching_);
  is_dispatching_ = false;
}

void WorkQueue::dispatch_soon() {
  if (is_dispatching_ || free_workers_ == 0) return;
  is_dispatching_ = true;
  dispatching_ = kernel_.at(kernel_.now(), Phase::kWorld, [this] { dispatch(); });
}

bool WorkQueue::take_next(Key& key) {
  const auto next =
      std::ranges::find_if(line_, [this](Key waiting) { return !entry(waiting).is_syncing; });
  if (next == line_.end()) return false;
  key = *next;
  line_.erase(next);
  return true;
}

// Without a try: the worker looks at it and gives it back.
bool WorkQueue::is_put_off(Key key) {
  Entry& of = entry(key);
  const TimePoint now = kernel_.now();
  if (of.not_before > now) {
    add_after(key, of.not_before - now);
    return true;
  }
  if (!rules_.hold) return false;
  const Duration wait = rules_.hold(key);
  if (wait <= Duration{}) return false;
  if (rules_.spacing == Duration{}) of.failures = 0;
  add_after(key, wait);
  return true;
}

void WorkQueue::dispatch() {
  is_dispatching_ = false;
  Key key = 0;
  while (free_workers_ > 0 && take_next(key)) {
    entry(key).is_queued = false;
    if (is_put_off(key)) continue;
    Entry& of = entry(key);
    of.is_syncing = true;
    of.not_before = kernel_.now() + rules_.spacing;
    --free_workers_;
    sync_(key);
  }
}

}  // namespace casim::sim

// client-go's work queue of a controller, with its workers: keys wait in order of arrival, each
// once; a key that is added while it is synced is synced again afterwards, never twice at a time.
// A failed sync is tried again after 5 ms, doubling with each failure in a row up to 1,000 s, and
// not before its turn in a bucket that all keys share; any other addition gives a try before that,
// which counts too. Syncs begin after what happens at
// the same instant was scheduled, so one sync sees all of it.
// Source: [client-go util/workqueue] DefaultControllerRateLimiter; algorithm 6.2.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "sim/kernel/kernel.h"
#include "src/core/token_bucket.h"

namespace casim::sim {

// When failed keys are tried again.
struct QueueBackoff {
  Duration first = std::chrono::milliseconds(5);
  Duration longest = std::chrono::seconds(1000);
  double qps = 10;  // of all keys together; 0: no limit
  int burst = 100;
};

class WorkQueue {
 public:
  // Small and dense: the number of an object within its controller.
  using Key = std::uint32_t;
  // Begins to handle a key. It ends, now or later, with a call of end().
  using Sync = std::function<void(Key)>;

  // The kernel outlives the queue and runs no event after it.
  WorkQueue(Kernel& kernel, int workers, Sync sync, QueueBackoff backoff = {});
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  void add(Key key);
  // Of several for one key the earliest counts.
  void add_after(Key key, Duration delay);
  // After the back-off of one more failure.
  void add_rate_limited(Key key);

  // The sync of that key is over. A failed one comes again by itself.
  void end(Key key, bool ok);

 private:
  struct Entry {
    bool is_queued = false;  // in the line, or to be put there when its sync has ended
    bool is_syncing = false;
    std::uint32_t failures = 0;  // in a row
    EventHandle later;
    TimePoint later_at = kTimeNever;
  };

  Entry& entry(Key key);
  void dispatch_soon();
  void dispatch();

  Kernel& kernel_;
  int free_workers_;
  Sync sync_;
  QueueBackoff backoff_;
  TokenBucket tries_;
  std::vector<Entry> entries_;  // by key
  std::deque<Key> line_;
  bool is_dispatching_ = false;
};

}  // namespace casim::sim

// The work queue of a controller with its workers, as client-go and controller-runtime have it:
// keys wait in order of arrival, each once; a key that is added while it is synced is synced again
// afterwards, never twice at a time. A failed sync is tried again after a wait that doubles with
// each failure in a row, and not before its turn in a bucket that all keys share; any other
// addition gives a try before that, which counts too. A wait begins when the sync ends, so that the
// length of syncs adds up. Syncs begin after what happens at the same instant was scheduled, so one
// sync sees all of it.
//
// What differs between controllers is in QueueRules: the classic queue keeps a wait when the key is
// added meanwhile, controller-runtime's priority queue drops it; Cluster API's controllers leave an
// object alone for a second; Crossplane's ask a bucket that all of them share first.
// Source: [client-go util/workqueue] DefaultControllerRateLimiter; algorithm 6.2;
// provisioning-paths.md 0, 1.1, 2.2.
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
  Duration on_top{};  // of each wait, below the longest
};

struct QueueRules {
  QueueBackoff backoff;
  // A key has one time: added while it waits it comes at once, and its wait is over
  // (controller-runtime's priority queue). Else both happen.
  bool has_one_time = false;
  // From start to start of one key: what comes earlier is put off to the end of it, and a wait that
  // was asked for is no shorter. Put off is not tried: failures stay counted.
  Duration spacing{};
  // Asked before each sync: longer than nothing puts it off by so long, and its failures are
  // forgotten with it, as with any wait that was asked for, unless there is a spacing.
  std::function<Duration(std::uint32_t)> hold;
};

class WorkQueue {
 public:
  // Small and dense: the number of an object within its controller.
  using Key = std::uint32_t;
  // Begins to handle a key. It ends, now or later, with one call of end() or end_after().
  using Sync = std::function<void(Key)>;

  // The kernel outlives the queue and runs no event after it.
  WorkQueue(Kernel& kernel, int workers, Sync sync, QueueBackoff backoff = {});
  WorkQueue(Kernel& kernel, int workers, Sync sync, QueueRules rules);
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // As an event of a watch does it: no limit applies.
  void add(Key key);
  // Of several for one key the earliest counts.
  void add_after(Key key, Duration delay);
  // After the back-off of one more failure.
  void add_rate_limited(Key key);

  // The sync of that key is over. A failed one comes again by itself, and so does one that asks to
  // be requeued, which is the same.
  void end(Key key, bool ok);
  // It is over, its failures are forgotten, and it comes again after so long (RequeueAfter).
  void end_after(Key key, Duration delay);

  // Puts the key's next sync off until so long from now, as its spacing does.
  void defer(Key key, Duration delay);

  // The process is dead: what waits is gone, and so are the counts of failures and the syncs, which
  // do not end any more.
  void clear();

 private:
  struct Entry {
    bool is_queued = false;  // in the line, or to be put there when its sync has ended
    bool is_syncing = false;
    std::uint32_t failures = 0;  // in a row
    EventHandle later;
    TimePoint later_at = kTimeNever;
    TimePoint not_before{};  // by the spacing
  };

  Entry& entry(Key key);
  Duration backoff_of(std::uint32_t failures_before) const;
  void drop_wait(Entry& of);
  void finish(Entry& of, Key key);
  void dispatch_soon();
  void dispatch();
  // False: none is left that is not synced already.
  bool take_next(Key& key);
  bool is_put_off(Key key);

  Kernel& kernel_;
  const int workers_;
  int free_workers_;
  Sync sync_;
  QueueRules rules_;
  TokenBucket tries_;
  std::vector<Entry> entries_;  // by key
  std::deque<Key> line_;
  EventHandle dispatching_;
  bool is_dispatching_ = false;
};

}  // namespace casim::sim

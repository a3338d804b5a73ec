// The nodes of one zone that wait for a NoExecute taint, and the limiter that rations them:
// upstream's RateLimitedTimedQueue [k8s:pkg/controller/nodelifecycle/scheduler].
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>

#include "sim/controllers/try_limiter.h"

namespace casim::sim {

class TaintQueue {
 public:
  explicit TaintQueue(float qps) : limiter_(qps) {}

  // Nothing happens to a node that was added and not removed since, also if it had its turn.
  void add(const std::string& node);
  void remove(const std::string& node);

  // The node whose turn it is at `now`; none: nobody waits, or there is no token.
  std::optional<std::string> take(TimePoint now);
  // When take() gives a node; kTimeNever: unless something changes, never.
  TimePoint ready_at(TimePoint now) const;

  void swap_rate(float qps, TimePoint now) { limiter_.swap(qps, now); }

  bool is_empty() const { return waiting_.empty(); }

 private:
  TryLimiter limiter_;
  std::deque<std::string> waiting_;  // by name, as upstream: a deleted node still takes its turn
  std::set<std::string> added_;
};

}  // namespace casim::sim

// The waiting pods: active (heap), backoff (heap by expiry), error backoff, unschedulable, gated.
// Knows times and order; whether an event may help a pod is asked from outside. Pods are held by
// handle; a heap entry whose pod has moved on is skipped when it comes up.
// Source: algorithm 5.1.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "sim/cluster/objects.h"
#include "sim/kernel/kernel.h"
#include "sim/scheduler/reason.h"
#include "src/core/time.h"

namespace casim::sim {

using ClassId = Id<struct PodClassTag>;
using QueueHandle = Id<struct QueueHandleTag>;

// Which queue a waiting pod stands in [k8s: internal/queue].
enum class QueuePlace : std::uint8_t {
  kNone,  // popped: being tried, or bound
  kGated,
  kActive,
  kBackoff,
  kErrorBackoff,
  kUnschedulable,
};

// A waiting pod with what its attempts have left behind [k8s: framework.QueuedPodInfo].
struct QueuedPod {
  PodId id;
  PodSpecPtr spec;
  std::uint64_t key = 0;  // names the pod in random draws
  ClassId pod_class;
  std::string target_node;
  TimePoint since{};         // when it came, then of its last failed attempt
  std::uint64_t turn = 0;    // orders equal times: least recently tried first
  int failures = 0;          // attempts that ended unschedulable
  int errors = 0;            // attempts in a row that ended with an error
  WallTime backoff_until{};  // cut to the whole second
  Reasons rejected = 0;      // by whom, at the last attempt
  bool has_condition = false;
  std::uint64_t message = 0;     // fingerprint of the status message last written
  std::string nominated_node;    // of its status, as the watch shows it
  bool is_preempting = false;    // its victims are being deleted; meanwhile it is not queued
  PodId last_victim;             // the one whose deletion was asked for last
  bool is_held = false;          // it was to be queued while preempting: only a pod's end helps now
  std::size_t classes_seen = 0;  // PodClasses::version() at which pod_class held
  QueuePlace place = QueuePlace::kNone;
  std::uint32_t stamp = 0;  // of its newest heap entry
  std::uint32_t index = 0;  // in the unschedulable list
};

// Times of the queue, as in SchedulerConfig.
struct QueueConfig {
  Duration initial_backoff;  // 0: nobody backs off
  Duration max_backoff;
  bool pop_from_backoff = true;
  Duration max_in_unschedulable;
};

class SchedulingQueue {
 public:
  SchedulingQueue(const Kernel& kernel, QueueConfig config) : kernel_(kernel), config_(config) {}

  // A new pod: to the active queue, or held back by its scheduling gates.
  QueueHandle add(QueuedPod pod, bool gated);
  void ungate(QueueHandle handle);
  void remove(QueueHandle handle);  // the handle is dead afterwards

  // Requires: a handle that is alive.
  QueuedPod& operator[](QueueHandle handle) { return pods_[handle.value()]; }

  // The pod that is tried next; none: nothing is ready. It is in no queue afterwards.
  QueueHandle pop();
  // After an attempt. The backoff counts from now.
  void put_unschedulable(QueueHandle handle, Reasons rejected);
  // After an attempt that ended in an error, such as a refused binding: backs off by itself.
  void put_error(QueueHandle handle);

  // Moves each unschedulable pod that `helps` says yes for: to backoff while its backoff lasts,
  // else to active. True if any moved.
  template <class Helps>
  bool move(Helps helps) {
    const std::size_t before = unschedulable_.size();
    for (std::size_t i = unschedulable_.size(); i-- > 0;) {
      const QueueHandle handle = unschedulable_[i];
      if (helps(pods_[handle.value()])) requeue(handle);
    }
    return unschedulable_.size() != before;
  }

  // Backoffs whose second is over go to active. True if any did.
  bool flush();
  TimePoint next_flush();  // kTimeNever: nobody is backing off
  bool sweep();            // those that have waited too long without an event

  bool has_unschedulable() const { return !unschedulable_.empty(); }

  // Some of them were refused for these reasons; O(1).
  bool has_unschedulable_for(Reasons reasons) const;

 private:
  struct Entry {
    std::int64_t expiry_s;  // 0 in the active queue
    std::int32_t priority;
    TimePoint since;
    std::uint64_t turn;
    QueueHandle handle;
    std::uint32_t stamp;
  };

  // True if `a` comes after `b`, as heaps want it.
  struct After {
    bool operator()(const Entry& a, const Entry& b) const;
  };

  using Heap = std::vector<Entry>;

  void requeue(QueueHandle handle);
  void push(Heap& heap, QueueHandle handle, QueuePlace place, std::int64_t expiry_s);
  QueueHandle pop_from(Heap& heap);
  bool flush(Heap& heap, std::int64_t now_s);
  void skip_stale(Heap& heap);
  void leave_unschedulable(QueuedPod& pod);
  void count_refused(Reasons reasons, std::size_t by);
  void begin_backoff(QueuedPod& pod);

  bool backs_off() const { return config_.initial_backoff > Duration{}; }

  std::int64_t now_s() const;

  const Kernel& kernel_;
  QueueConfig config_;
  std::deque<QueuedPod> pods_;  // by QueueHandle
  std::vector<QueueHandle> free_;
  Heap active_;
  Heap backoff_;
  Heap error_backoff_;
  std::vector<QueueHandle> unschedulable_;           // order does not matter: the heaps sort
  std::array<std::size_t, kReasonCount> refused_{};  // of them, by reason
  std::uint64_t turns_ = 0;
};

}  // namespace casim::sim

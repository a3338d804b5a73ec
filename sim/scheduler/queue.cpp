#include "sim/scheduler/queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {

namespace {

std::int64_t seconds_of(WallTime t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

}  // namespace

bool SchedulingQueue::After::operator()(const Entry& a, const Entry& b) const {
  if (a.expiry_s != b.expiry_s) return a.expiry_s > b.expiry_s;
  if (a.priority != b.priority) return a.priority < b.priority;
  if (a.since != b.since) return a.since > b.since;
  return a.turn > b.turn;
}

std::int64_t SchedulingQueue::now_s() const { return seconds_of(kernel_.wall(kernel_.now())); }

QueueHandle SchedulingQueue::add(QueuedPod pod, bool gated) {
  pod.since = kernel_.now();
  pod.turn = turns_++;
  QueueHandle handle;
  if (free_.empty()) {
    handle = QueueHandle(static_cast<QueueHandle::rep>(pods_.size()));
    pods_.push_back(std::move(pod));
  } else {
    handle = free_.back();
    free_.pop_back();
    pod.stamp = pods_[handle.value()].stamp;  // entries of the handle's former pod stay stale
    pods_[handle.value()] = std::move(pod);
  }
  if (gated) {
    pods_[handle.value()].place = QueuePlace::kGated;
  } else {
    push(active_, handle, QueuePlace::kActive, 0);
  }
  return handle;
}

void SchedulingQueue::ungate(QueueHandle handle) {
  if (pods_[handle.value()].place == QueuePlace::kGated) {
    push(active_, handle, QueuePlace::kActive, 0);
  }
}

void SchedulingQueue::remove(QueueHandle handle) {
  QueuedPod& pod = pods_[handle.value()];
  leave_unschedulable(pod);
  const std::uint32_t stamp = pod.stamp + 1;
  pod = QueuedPod{};
  pod.stamp = stamp;
  free_.push_back(handle);
}

QueueHandle SchedulingQueue::pop() {
  const QueueHandle next = pop_from(active_);
  if (next.is_valid() || !config_.pop_from_backoff) return next;
  return pop_from(backoff_);
}

QueueHandle SchedulingQueue::pop_from(Heap& heap) {
  skip_stale(heap);
  if (heap.empty()) return {};
  const QueueHandle handle = heap.front().handle;
  std::pop_heap(heap.begin(), heap.end(), After{});
  heap.pop_back();
  QueuedPod& pod = pods_[handle.value()];
  pod.place = QueuePlace::kNone;
  ++pod.stamp;
  return handle;
}

void SchedulingQueue::skip_stale(Heap& heap) {
  while (!heap.empty() && pods_[heap.front().handle.value()].stamp != heap.front().stamp) {
    std::pop_heap(heap.begin(), heap.end(), After{});
    heap.pop_back();
  }
}

void SchedulingQueue::push(Heap& heap, QueueHandle handle, QueuePlace place,
                           std::int64_t expiry_s) {
  QueuedPod& pod = pods_[handle.value()];
  pod.place = place;
  ++pod.stamp;
  heap.push_back({expiry_s, pod.spec->priority, pod.since, pod.turn, handle, pod.stamp});
  std::push_heap(heap.begin(), heap.end(), After{});
}

void SchedulingQueue::put_unschedulable(QueueHandle handle, Reasons rejected) {
  QueuedPod& pod = pods_[handle.value()];
  assert(pod.place == QueuePlace::kNone);
  pod.rejected = rejected;
  ++pod.failures;
  pod.errors = 0;
  begin_backoff(pod);
  pod.place = QueuePlace::kUnschedulable;
  pod.index = static_cast<std::uint32_t>(unschedulable_.size());
  unschedulable_.push_back(handle);
  count_refused(pod.rejected, 1);
}

void SchedulingQueue::count_refused(Reasons reasons, std::size_t by) {
  for (std::size_t bit = 0; bit < kReasonCount; ++bit) {
    if (reasons >> bit & 1) refused_[bit] += by;
  }
}

bool SchedulingQueue::has_unschedulable_for(Reasons reasons) const {
  for (std::size_t bit = 0; bit < kReasonCount; ++bit) {
    if ((reasons >> bit & 1) != 0 && refused_[bit] > 0) return true;
  }
  return false;
}

void SchedulingQueue::put_error(QueueHandle handle) {
  QueuedPod& pod = pods_[handle.value()];
  assert(pod.place == QueuePlace::kNone);
  pod.rejected = 0;
  ++pod.errors;
  begin_backoff(pod);
  if (!backs_off()) return push(active_, handle, QueuePlace::kActive, 0);
  push(error_backoff_, handle, QueuePlace::kErrorBackoff, seconds_of(pod.backoff_until));
}

// min(initial * 2^(k-1), max), by the errors if the last attempt was one.
void SchedulingQueue::begin_backoff(QueuedPod& pod) {
  pod.since = kernel_.now();
  pod.turn = turns_++;
  Duration backoff = config_.initial_backoff;
  for (int k = pod.errors > 0 ? pod.errors : pod.failures; k > 1; --k) {
    if (backoff >= config_.max_backoff || !backs_off()) break;
    backoff *= 2;
  }
  backoff = std::min(backoff, config_.max_backoff);
  pod.backoff_until = cut_to_second(kernel_.wall(pod.since) + backoff);
}

void SchedulingQueue::leave_unschedulable(QueuedPod& pod) {
  if (pod.place != QueuePlace::kUnschedulable) return;
  const QueueHandle last = unschedulable_.back();
  unschedulable_[pod.index] = last;
  pods_[last.value()].index = pod.index;
  unschedulable_.pop_back();
  count_refused(pod.rejected, static_cast<std::size_t>(-1));  // wraps around, as sums do
}

void SchedulingQueue::requeue(QueueHandle handle) {
  QueuedPod& pod = pods_[handle.value()];
  leave_unschedulable(pod);
  // Still backing off in the very second in which the backoff ends, as in the real queue.
  const std::int64_t until_s = seconds_of(pod.backoff_until);
  if (backs_off() && until_s >= now_s()) {
    push(backoff_, handle, QueuePlace::kBackoff, until_s);
  } else {
    push(active_, handle, QueuePlace::kActive, 0);
  }
}

bool SchedulingQueue::flush() {
  const std::int64_t now = now_s();
  const bool any = flush(backoff_, now);
  return flush(error_backoff_, now) || any;
}

bool SchedulingQueue::flush(Heap& heap, std::int64_t now) {
  bool any = false;
  for (skip_stale(heap); !heap.empty() && heap.front().expiry_s < now; skip_stale(heap)) {
    push(active_, pop_from(heap), QueuePlace::kActive, 0);
    any = true;
  }
  return any;
}

TimePoint SchedulingQueue::next_flush() {
  skip_stale(backoff_);
  skip_stale(error_backoff_);
  std::int64_t first = INT64_MAX;
  if (!backoff_.empty()) first = backoff_.front().expiry_s;
  if (!error_backoff_.empty()) first = std::min(first, error_backoff_.front().expiry_s);
  if (first == INT64_MAX) return kTimeNever;
  const WallTime when{std::chrono::seconds(first + 1)};
  const TimePoint now = kernel_.now();
  return std::max(now, now + (when - kernel_.wall(now)));
}

bool SchedulingQueue::sweep() {
  const TimePoint now = kernel_.now();
  return move([&](const QueuedPod& pod) {
    return !pod.is_held && now - pod.since > config_.max_in_unschedulable;
  });
}

}  // namespace casim::sim

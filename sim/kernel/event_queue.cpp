#include "sim/kernel/event_queue.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace casim::sim {

EventHandle EventQueue::push(TimePoint when, Phase phase, Handler handler) {
  const auto time =
      std::min(static_cast<std::uint64_t>(when.time_since_epoch().count()), kNever);
  assert(when >= kTimeZero);
  assert(time >= instant_);
  const EventHandle handle = slab_.insert(std::move(handler));
  file(Entry{(time << 2) | static_cast<std::uint64_t>(phase), handle});
  ++entries_;
  if (time < earliest_ && earliest_ != kUnknown && time != instant_) {
    earliest_ = time;
    earliest_event_ = handle;
  }
  return handle;
}

EventQueue::Handler EventQueue::cancel(EventHandle handle) {
  if (!slab_.is_live(handle)) return {};
  Handler handler = slab_.take(handle);
  if (handle == earliest_event_) earliest_ = kUnknown;
  constexpr std::size_t kWorthSweeping = 64;
  if (entries_ > kWorthSweeping && entries_ > 2 * slab_.size()) sweep();
  return handler;
}

TimePoint EventQueue::next_time() {
  std::uint64_t time = instant_;
  if (current() == nullptr) {
    if (earliest_ == kUnknown) find_earliest();
    time = earliest_;
  }
  return time >= kNever ? kTimeNever : TimePoint(Duration(static_cast<std::int64_t>(time)));
}

EventQueue::Handler EventQueue::pop() {
  assert(size() > 0);
  Fifo* fifo = current();
  if (fifo == nullptr) {
    advance();
    fifo = current();
  }
  const EventHandle handle = fifo->front().handle;
  fifo->pop();
  --entries_;
  return slab_.take(handle);
}

void EventQueue::clear() {
  while (size() > 0) slab_.clear();
  sweep();
}

void EventQueue::file(const Entry& entry) {
  const std::uint64_t difference = entry.time() ^ instant_;
  if (difference == 0) {
    now_[entry.phase()].entries.push_back(entry);
    return;
  }
  const auto bucket = static_cast<std::size_t>(std::bit_width(difference) - 1);
  later_[bucket].push_back(entry);
  occupied_ |= std::uint64_t{1} << bucket;
}

// The first phase with a live event at this instant; null when there is none.
EventQueue::Fifo* EventQueue::current() {
  for (Fifo& fifo : now_) {
    while (!fifo.empty()) {
      if (slab_.is_live(fifo.front().handle)) return &fifo;
      fifo.pop();
      --entries_;
    }
  }
  return nullptr;
}

std::size_t EventQueue::lowest_bucket() const {
  return static_cast<std::size_t>(std::countr_zero(occupied_));
}

// Sets earliest_, or leaves it unknown when nothing is pending. Liveness is looked up for those
// entries only that would be the earliest so far: it costs a cache miss.
void EventQueue::find_earliest() {
  while (occupied_ != 0) {
    const std::size_t lowest = lowest_bucket();
    for (const Entry& entry : later_[lowest]) {
      if (entry.time() >= earliest_) continue;
      if (has_dead() && !slab_.is_live(entry.handle)) continue;
      earliest_ = entry.time();
      earliest_event_ = entry.handle;
    }
    if (earliest_ != kUnknown) return;
    entries_ -= later_[lowest].size();
    later_[lowest].clear();
    occupied_ &= occupied_ - 1;
  }
}

// Moves the instant to the earliest time and spreads its bucket around it.
void EventQueue::advance() {
  if (earliest_ == kUnknown) find_earliest();
  assert(lowest_bucket() + 1 == static_cast<std::size_t>(std::bit_width(earliest_ ^ instant_)));
  Bucket& bucket = later_[lowest_bucket()];
  occupied_ &= occupied_ - 1;
  instant_ = std::exchange(earliest_, kUnknown);
  if (has_dead()) drop_dead(bucket);
  for (const Entry& entry : bucket) file(entry);
  bucket.clear();
}

void EventQueue::drop_dead(Bucket& bucket) {
  entries_ -= std::erase_if(bucket, [this](const Entry& e) { return !slab_.is_live(e.handle); });
}

void EventQueue::sweep() {
  for (Fifo& fifo : now_) {
    // What was popped is counted no more.
    const auto first = fifo.entries.begin();
    fifo.entries.erase(first, first + static_cast<std::ptrdiff_t>(std::exchange(fifo.head, 0)));
    drop_dead(fifo.entries);
  }
  for (std::size_t b = 0; b < later_.size(); ++b) {
    drop_dead(later_[b]);
    if (later_[b].empty()) occupied_ &= ~(std::uint64_t{1} << b);
  }
}

}  // namespace casim::sim

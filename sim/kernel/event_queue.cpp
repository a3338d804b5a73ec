#include "sim/kernel/event_queue.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace casim::sim {

EventHandle EventQueue::push(TimePoint when, Phase phase, Handler handler) {
  const auto time = std::min(static_cast<std::uint64_t>(when.time_since_epoch().count()), kNever);
  assert(when >= kTimeZero);
  assert(time >= instant_);
  const EventHandle handle = slab_.insert(std::move(handler));
  ++entries_;
  file(Entry{(time << 2) | static_cast<std::uint64_t>(phase), handle});
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
    if (has_front()) {
      time = front_.front().time();
    } else {
      if (earliest_ == kUnknown) find_earliest();
      time = earliest_;
    }
  }
  return time >= kNever ? kTimeNever : TimePoint(Duration(static_cast<std::int64_t>(time)));
}

EventQueue::Handler EventQueue::pop() {
  assert(size() > 0);
  Fifo* fifo = current();
  if (fifo == nullptr && !has_front()) {
    advance();
    fifo = current();
  }
  EventHandle handle;
  if (fifo != nullptr) {
    handle = fifo->front().handle;
    constexpr std::size_t kAhead = 8;  // covers a cache miss in an instant of thousands of events
    if (fifo->size() > kAhead) slab_.prefetch(fifo->entries[fifo->head + kAhead].handle);
    fifo->pop();
    --now_size_;
  } else {
    handle = begin_instant();
  }
  --entries_;
  return slab_.take(handle);
}

void EventQueue::clear() {
  while (size() > 0) slab_.clear();
  sweep();
}

void EventQueue::file(const Entry& entry) {
  const auto bits = static_cast<unsigned>(std::bit_width(entry.time() ^ instant_));
  if (bits == 0) {
    now_[entry.phase()].entries.push_back(entry);
    ++now_size_;
  } else if (bits <= front_bits_) {
    insert_in_front(entry);
  } else {
    later_[bits - 1].push_back(entry);
    occupied_ |= std::uint64_t{1} << (bits - 1);
    if (entry.time() < earliest_ && earliest_ != kUnknown) {
      earliest_ = entry.time();
      earliest_event_ = entry.handle;
    }
  }
}

// Behind its equals, for they came first.
void EventQueue::insert_in_front(const Entry& entry) {
  Bucket& run = front_.entries;
  if (front_.head >= kFrontLimit) front_.drop_used();
  const auto first = run.begin() + static_cast<std::ptrdiff_t>(front_.head);
  const auto less = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  run.insert(std::upper_bound(first, run.end(), entry, less), entry);
  if (front_.size() > kFrontLimit) shrink_front();
}

// Gives the later part back to the buckets below front_bits_, which are empty.
void EventQueue::shrink_front() {
  Bucket& run = front_.entries;
  std::size_t keep = run.size();
  while (keep > front_.head + kFrontFill) {
    --front_bits_;
    while (keep > front_.head && ((run[keep - 1].time() ^ instant_) >> front_bits_) != 0) --keep;
  }
  earliest_ = kUnknown;
  const Bucket rest(run.begin() + static_cast<std::ptrdiff_t>(keep), run.end());
  run.resize(keep);
  if (front_.empty()) front_.clear();
  for (const Entry& entry : rest) file(entry);
}

// The first phase with a live event at this instant; null when there is none.
EventQueue::Fifo* EventQueue::current() {
  if (now_size_ == 0) return nullptr;
  for (Fifo& fifo : now_) {
    while (!fifo.empty()) {
      if (slab_.is_live(fifo.front().handle)) return &fifo;
      fifo.pop();
      --now_size_;
      --entries_;
    }
  }
  return nullptr;
}

bool EventQueue::has_front() {
  while (!front_.empty() && !slab_.is_live(front_.front().handle)) {
    front_.pop();
    --entries_;
  }
  return !front_.empty();
}

// Takes the first event of the front; those of the same time wait for it in the FIFOs.
EventHandle EventQueue::begin_instant() {
  const Entry first = front_.front();
  front_.pop();
  instant_ = first.time();
  while (!front_.empty() && front_.front().time() == instant_) {
    now_[front_.front().phase()].entries.push_back(front_.front());
    ++now_size_;
    front_.pop();
  }
  return first.handle;
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

// Makes the earliest time the instant and spreads its bucket around it: into the front when all
// of it fits, else into the buckets below, of which the front then takes the lowest ones.
// Requires: nothing is pending outside of later_.
void EventQueue::advance() {
  if (earliest_ == kUnknown) find_earliest();
  const std::size_t lowest = lowest_bucket();
  assert(lowest + 1 == static_cast<std::size_t>(std::bit_width(earliest_ ^ instant_)));
  Bucket& bucket = later_[lowest];
  if (has_dead()) drop_dead(bucket);
  instant_ = std::exchange(earliest_, kUnknown);
  occupied_ &= occupied_ - 1;
  front_bits_ = static_cast<unsigned>(lowest);
  if (bucket.size() <= kFrontFill) {
    take_into_front(bucket);
  } else {
    spread(bucket);
  }
}

void EventQueue::spread(Bucket& bucket) {
  const unsigned limit = std::exchange(front_bits_, 0);
  for (const Entry& entry : bucket) file(entry);
  bucket.clear();
  unsigned bits = 0;
  for (; bits < limit && front_.size() + later_[bits].size() <= kFrontFill; ++bits) {
    take_into_front(later_[bits]);
  }
  occupied_ &= ~((std::uint64_t{1} << bits) - 1);
  front_bits_ = bits;
}

// Insertion sort: stable, and nothing is faster on so few. Requires: the front has nothing later.
void EventQueue::take_into_front(Bucket& bucket) {
  Bucket& run = front_.entries;
  const auto sorted_before = static_cast<std::ptrdiff_t>(run.size());
  for (const Entry& entry : bucket) {
    slab_.prefetch(entry.handle);
    run.push_back(entry);
    auto at = run.end() - 1;
    for (; at != run.begin() + sorted_before && entry.key < (at - 1)->key; --at) *at = *(at - 1);
    *at = entry;
  }
  bucket.clear();
}

void EventQueue::drop_dead(Bucket& bucket) {
  entries_ -= std::erase_if(bucket, [this](const Entry& e) { return !slab_.is_live(e.handle); });
}

void EventQueue::drop_dead(Fifo& fifo) {
  fifo.drop_used();
  drop_dead(fifo.entries);
}

void EventQueue::sweep() {
  now_size_ = 0;
  for (Fifo& fifo : now_) {
    drop_dead(fifo);
    now_size_ += fifo.size();
  }
  drop_dead(front_);
  for (std::size_t b = 0; b < later_.size(); ++b) {
    drop_dead(later_[b]);
    if (later_[b].empty()) occupied_ &= ~(std::uint64_t{1} << b);
  }
}

}  // namespace casim::sim

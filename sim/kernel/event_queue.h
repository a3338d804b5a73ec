// The pending events, in order of (time, phase, scheduling).
//
// A radix heap with a sorted front. Events later than the current instant wait in the bucket of
// the highest bit in which their time differs from it; when the instant is used up, the lowest
// bucket that is not empty is spread anew around its earliest time. So an event moves at most once
// for each bit, and buckets are runs of memory, which makes it several times faster than a binary
// heap once the events leave the caches. The lowest buckets, up to some dozen events, are one
// sorted run instead, which saves most of the moves; the run's handlers are fetched ahead.
//
// Equal times share all their buckets and every move keeps order, so first in, first out needs no
// sequence number. The price: nothing may be pushed before the instant that was popped last, which
// the kernel never does; and looking at the next time may not move the instant.
//
// The events of the current instant wait in one FIFO for each phase.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/kernel/event_handle.h"
#include "sim/kernel/handler_slab.h"
#include "sim/kernel/phase.h"
#include "src/core/time.h"

namespace casim::sim {

class EventQueue {
 public:
  using Handler = HandlerSlab::Handler;

  // Requires: when is not before the event popped last. Times beyond 146 years count as never.
  EventHandle push(TimePoint when, Phase phase, Handler handler);
  // O(1). Gives back the handler, an empty one if the event ran, was cancelled or never was.
  Handler cancel(EventHandle handle);

  // kTimeNever when there is no event, or only such that never come.
  TimePoint next_time();
  // Requires: size() > 0.
  Handler pop();

  std::size_t size() const { return slab_.size(); }

  void clear();  // destroys every handler

 private:
  static constexpr int kTimeBits = 62;
  static constexpr std::uint64_t kNever = (std::uint64_t{1} << kTimeBits) - 1;
  static constexpr std::uint64_t kUnknown = UINT64_MAX;

  // The most events that one refill of the front takes, and the size from which inserting in order
  // would cost more than a bucket does. Both by trial (event_queue_bench).
  static constexpr std::size_t kFrontFill = 48;
  static constexpr std::size_t kFrontLimit = 128;

  struct Entry {
    std::uint64_t key;  // time << 2 | phase
    EventHandle handle;

    std::uint64_t time() const { return key >> 2; }

    std::size_t phase() const { return key & 3; }
  };

  using Bucket = std::vector<Entry>;

  // A vector that is used up from its front.
  struct Fifo {
    Bucket entries;
    std::size_t head = 0;

    bool empty() const { return head == entries.size(); }

    std::size_t size() const { return entries.size() - head; }

    const Entry& front() const { return entries[head]; }

    void pop() {
      if (++head == entries.size()) clear();
    }

    void drop_used() {
      entries.erase(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(head));
      head = 0;
    }

    void clear() {
      entries.clear();
      head = 0;
    }
  };

  void file(const Entry& entry);
  void insert_in_front(const Entry& entry);
  void shrink_front();
  Fifo* current();
  bool has_front();
  void find_earliest();
  void advance();
  void spread(Bucket& bucket);
  void take_into_front(Bucket& bucket);
  void drop_dead(Bucket& bucket);
  void drop_dead(Fifo& fifo);
  void sweep();
  EventHandle begin_instant();

  bool has_dead() const { return entries_ != slab_.size(); }

  std::size_t lowest_bucket() const;

  HandlerSlab slab_;
  std::size_t entries_ = 0;  // live and dead ones
  std::uint64_t instant_ = 0;
  std::array<Fifo, kPhaseCount> now_;  // events at instant_
  std::size_t now_size_ = 0;
  Fifo front_;  // sorted; differ from instant_ below bit front_bits_ only
  unsigned front_bits_ = 0;
  std::array<Bucket, kTimeBits> later_;  // the rest, by the highest bit of time ^ instant_
  std::uint64_t occupied_ = 0;           // bit b: later_[b] is not empty
  std::uint64_t earliest_ = kUnknown;    // the least live time in later_, once somebody asked
  EventHandle earliest_event_;           // one event of that time
};

}  // namespace casim::sim

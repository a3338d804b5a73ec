// The pending events, in order of (time, phase, scheduling).
//
// A radix heap: events later than the current instant wait in the bucket of the highest bit in
// which their time differs from it; when the instant is used up, the lowest bucket that is not
// empty is spread anew around its earliest time. So an event moves at most once for each bit, and
// buckets are short runs of memory, which makes it several times faster than a binary heap once
// the events leave the caches. Equal times share all their buckets and each move keeps order, so
// first in, first out needs no sequence number. The price: nothing may be pushed before the
// instant that was popped last, which the kernel never does; and looking at the next time may not
// move the instant.
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

  struct Entry {
    std::uint64_t key;  // time << 2 | phase
    EventHandle handle;

    std::uint64_t time() const { return key >> 2; }

    std::size_t phase() const { return key & 3; }
  };

  struct Fifo {
    std::vector<Entry> entries;
    std::size_t head = 0;

    bool empty() const { return entries.empty(); }

    const Entry& front() const { return entries[head]; }

    void pop() {
      if (++head == entries.size()) clear();
    }

    void clear() {
      entries.clear();
      head = 0;
    }
  };

  using Bucket = std::vector<Entry>;

  void file(const Entry& entry);
  Fifo* current();
  void find_earliest();
  void advance();
  void drop_dead(Bucket& bucket);
  void sweep();
  std::size_t lowest_bucket() const;

  bool has_dead() const { return entries_ != slab_.size(); }

  HandlerSlab slab_;
  std::size_t entries_ = 0;  // live and dead ones
  std::uint64_t instant_ = 0;
  std::array<Fifo, kPhaseCount> now_;       // events at instant_
  std::array<Bucket, kTimeBits> later_;     // by the highest bit of time ^ instant_
  std::uint64_t occupied_ = 0;              // bit b: later_[b] is not empty
  std::uint64_t earliest_ = kUnknown;       // the least live time in later_, once somebody asked
  EventHandle earliest_event_;              // one event of that time
};

}  // namespace casim::sim

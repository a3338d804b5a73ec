// Keeps the handlers of scheduled events, so that the queue sorts 16 bytes and not closures. A slot
// is used again under a new generation, by which stale handles and dead queue entries are told.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "sim/kernel/event_handle.h"

namespace casim::sim {

class HandlerSlab {
 public:
  using Handler = std::move_only_function<void()>;

  EventHandle insert(Handler&& handler) {
    if (free_ == kNone) grow();
    const std::uint32_t index = free_;
    Slot& slot = at(index);
    free_ = slot.next_free;
    slot.next_free = kTaken;
    slot.handler = std::move(handler);
    ++size_;
    return {index, slot.generation};
  }

  // A freed slot has moved on to its next generation, so this one comparison is enough.
  bool is_live(EventHandle handle) const {
    return handle.slot < capacity() && at(handle.slot).generation == handle.generation;
  }

  // Requires: is_live(handle).
  Handler take(EventHandle handle) {
    Slot& slot = at(handle.slot);
    assert(slot.generation == handle.generation);
    Handler handler = std::move(slot.handler);
    ++slot.generation;
    slot.next_free = free_;
    free_ = handle.slot;
    --size_;
    return handler;
  }

  // The handler will be taken soon.
  void prefetch(EventHandle handle) const { __builtin_prefetch(&at(handle.slot)); }

  std::size_t size() const { return size_; }

  // Destroys every handler; their destructors may insert and take.
  void clear() {
    for (std::uint32_t index = 0; index < capacity(); ++index) {
      if (at(index).next_free == kTaken) take({index, at(index).generation});
    }
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::uint32_t kTaken = UINT32_MAX - 1;
  static constexpr std::uint32_t kChunkBits = 10;
  static constexpr std::uint32_t kChunk = 1U << kChunkBits;

  // One cache line, so that taking a handler at random costs one miss and not two.
  struct alignas(64) Slot {
    Handler handler;
    std::uint32_t generation = 0;
    std::uint32_t next_free = kNone;
  };

  std::size_t capacity() const { return chunks_.size() << kChunkBits; }

  Slot& at(std::uint32_t index) { return chunks_[index >> kChunkBits][index & (kChunk - 1)]; }

  const Slot& at(std::uint32_t index) const {
    return chunks_[index >> kChunkBits][index & (kChunk - 1)];
  }

  void grow() {
    const auto first = static_cast<std::uint32_t>(capacity());
    assert(first < kTaken - kChunk);
    chunks_.push_back(std::make_unique<Slot[]>(kChunk));
    for (std::uint32_t i = kChunk; i-- > 0;) {
      at(first + i).next_free = free_;
      free_ = first + i;
    }
  }

  std::vector<std::unique_ptr<Slot[]>> chunks_;  // chunks never move, so growing moves no handler
  std::uint32_t free_ = kNone;
  std::size_t size_ = 0;
};

}  // namespace casim::sim

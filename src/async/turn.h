// Whose turn it is: one thread at a time may touch what it guards. Where several threads do the
// work of one program, each piece of work is a turn, and what the program is made of needs no
// further locks. Nothing that waits for another thread's turn may be done in one's own.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

namespace casim {

class Turn {
 public:
  // Has the turn as long as it lives. Within a turn that the thread has already, it does nothing.
  class Hold {
   public:
    explicit Hold(Turn& turn) : turn_(turn.is_mine() ? nullptr : &turn) {
      if (turn_ != nullptr) turn_->take();
    }

    ~Hold() {
      if (turn_ != nullptr) turn_->give();
    }

    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    Turn* turn_;
  };

  Turn() = default;
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // This thread has it.
  bool is_mine() const {
    return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

  // A thread waits for it, and has it before who asks from now on. For who has the turn: to see
  // that nobody is left waiting.
  bool is_awaited() const { return is_awaited_.load(std::memory_order_relaxed); }

 private:
  void take();
  void give();

  std::mutex door_;  // of whoever is next
  std::mutex taken_;
  std::atomic<std::thread::id> owner_{};
  std::atomic<bool> is_awaited_ = false;  // by who holds the door
};

}  // namespace casim

#include "sim/kernel/ready_queue.h"

namespace casim::sim {

std::uint64_t ReadyQueue::drain(std::uint64_t limit) {
  std::uint64_t count = 0;
  for (; count < limit && !empty(); ++count) {
    Work work = take();
    work();
  }
  return count;
}

void ReadyQueue::clear() {
  while (!empty()) take();
}

ReadyQueue::Work ReadyQueue::take() {
  if (head_ == running_.size()) {
    running_.clear();
    head_ = 0;
    running_.swap(incoming_);
  }
  return std::move(running_[head_++]);
}

}  // namespace casim::sim

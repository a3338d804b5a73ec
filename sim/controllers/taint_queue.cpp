#include "sim/controllers/taint_queue.h"

namespace casim::sim {

void TaintQueue::add(const std::string& node) {
  if (added_.insert(node).second) waiting_.push_back(node);
}

void TaintQueue::remove(const std::string& node) {
  if (added_.erase(node) > 0) std::erase(waiting_, node);
}

std::optional<std::string> TaintQueue::take(TimePoint now) {
  if (waiting_.empty() || !limiter_.try_accept(now)) return std::nullopt;
  std::string node = std::move(waiting_.front());
  waiting_.pop_front();
  return node;
}

TimePoint TaintQueue::ready_at(TimePoint now) const {
  return waiting_.empty() ? kTimeNever : limiter_.ready_at(now);
}

}  // namespace casim::sim

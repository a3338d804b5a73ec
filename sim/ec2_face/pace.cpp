#include "sim/ec2_face/pace.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <boost/asio/executor_work_guard.hpp>

namespace casim::sim {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

}  // namespace

void SteppedTime::run() {
  is_stopped_ = false;
  const asio::executor_work_guard<asio::io_context::executor_type> work(io_.get_executor());
  io_.restart();
  while (!is_stopped_ && io_.run_one() > 0) {
    kernel_.settle();
    while (is_under_way_() && kernel_.next_event_time() != kTimeNever) {
      kernel_.run(kernel_.next_event_time(), kNoLimit);
      io_.poll();
    }
  }
}

void SteppedTime::skip(Duration d) {
  const TimePoint from = kernel_.now();
  const TimePoint to = d < kTimeNever - from ? from + d : kTimeNever;
  if (kernel_.run(to, kNoLimit) == Kernel::Stop::kDry) kernel_.advance_to(to);
}

}  // namespace casim::sim

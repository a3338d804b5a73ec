#include "sim/workloads/slow_start.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace casim::sim {

namespace {

// The batches of one slow start, alive as long as somebody owes it an answer.
struct Batches : std::enable_shared_from_this<Batches> {
  std::uint64_t left = 0;
  std::uint64_t size = 0;  // of the next batch
  std::uint64_t waiting = 0;
  SlowStartCall call;
  std::function<void(SlowStartResult)> done;
  SlowStartResult result;

  void begin() {
    const std::uint64_t count = std::min(size, left);
    if (count == 0 || !result.ok) return done(result);
    left -= count;
    size *= 2;
    waiting = count;
    for (std::uint64_t i = 0; i < count; ++i) {
      call([self = shared_from_this()](bool ok) { self->answer(ok); });
    }
  }

  void answer(bool ok) {
    if (ok) {
      ++result.succeeded;
    } else {
      result.ok = false;
    }
    if (--waiting == 0) begin();
  }
};

void start(std::uint64_t count, std::uint64_t first_batch, SlowStartCall call,
           std::function<void(SlowStartResult)> done) {
  const auto batches = std::make_shared<Batches>();
  batches->left = count;
  batches->size = first_batch;
  batches->call = std::move(call);
  batches->done = std::move(done);
  batches->begin();
}

}  // namespace

void slow_start(std::uint64_t count, SlowStartCall call,
                std::function<void(SlowStartResult)> done) {
  start(count, 1, std::move(call), std::move(done));
}

void all_at_once(std::uint64_t count, SlowStartCall call,
                 std::function<void(SlowStartResult)> done) {
  start(count, count, std::move(call), std::move(done));
}

}  // namespace casim::sim

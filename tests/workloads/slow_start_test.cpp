#include "sim/workloads/slow_start.h"

#include <vector>

#include "tests/catch.h"

using namespace casim::sim;

namespace {

// Keeps the calls of the batch under way, to be answered later.
struct Calls {
  std::vector<SlowStartAnswer> open;

  SlowStartCall call() {
    return [this](SlowStartAnswer answer) { open.push_back(std::move(answer)); };
  }

  std::size_t answer_all(bool ok) {
    const std::vector<SlowStartAnswer> batch = std::exchange(open, {});
    for (const SlowStartAnswer& answer : batch) answer(ok);
    return batch.size();
  }
};

}  // namespace

TEST_CASE("batches double, each after the answers of the one before", "[workloads]") {
  Calls calls;
  std::vector<std::uint64_t> done;
  slow_start(9, calls.call(), [&](SlowStartResult result) {
    CHECK(result.ok);
    done.push_back(result.succeeded);
  });
  CHECK(calls.answer_all(true) == 1);
  CHECK(calls.answer_all(true) == 2);
  CHECK(calls.answer_all(true) == 4);
  CHECK(done.empty());
  CHECK(calls.answer_all(true) == 2);
  CHECK(done == std::vector<std::uint64_t>{9});
}

TEST_CASE("a failure ends the batches, but not its own", "[workloads]") {
  Calls calls;
  SlowStartResult last;
  slow_start(100, calls.call(), [&](SlowStartResult result) { last = result; });
  calls.answer_all(true);
  REQUIRE(calls.open.size() == 2);
  const std::vector<SlowStartAnswer> batch = std::exchange(calls.open, {});
  batch[0](false);
  batch[1](true);
  CHECK(calls.open.empty());
  CHECK_FALSE(last.ok);
  CHECK(last.succeeded == 2);
}

TEST_CASE("nothing to call is done at once", "[workloads]") {
  int done = 0;
  const auto never = [](SlowStartAnswer) { FAIL("called"); };
  slow_start(0, never, [&](SlowStartResult result) { done += result.ok ? 1 : 0; });
  all_at_once(0, never, [&](SlowStartResult result) { done += result.ok ? 1 : 0; });
  CHECK(done == 2);
}

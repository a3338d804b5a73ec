#include "sim/controllers/try_limiter.h"

#include "sim/controllers/taint_queue.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

TimePoint at(Duration d) { return kTimeZero + d; }

}  // namespace

TEST_CASE("a limiter gives one token, and the next after 1 / qps", "[controllers]") {
  TryLimiter limiter(0.1F);
  CHECK(limiter.try_accept(at(5s)));
  CHECK_FALSE(limiter.try_accept(at(5s)));
  CHECK_FALSE(limiter.try_accept(at(14900ms)));
  CHECK(limiter.ready_at(at(6s)) <= at(15s));
  CHECK(limiter.try_accept(at(15s)));
}

TEST_CASE("a rate of 0.01 as a 32-bit float takes a little more than 100 s", "[controllers]") {
  TryLimiter limiter(0.01F);
  REQUIRE(limiter.try_accept(at(0s)));
  CHECK_FALSE(limiter.try_accept(at(100s)));
  const TimePoint ready = limiter.ready_at(at(1s));
  CHECK(ready > at(100s));
  CHECK(ready < at(100100ms));
  CHECK_FALSE(limiter.try_accept(ready - 1ms));
  CHECK(limiter.try_accept(ready));
}

TEST_CASE("a limiter that changes its rate starts empty if the old one had no token",
          "[controllers]") {
  TryLimiter full(0.1F);
  full.swap(0.5F, at(1s));
  CHECK(full.try_accept(at(1s)));
  TryLimiter empty(0.1F);
  REQUIRE(empty.try_accept(at(0s)));
  empty.swap(0.5F, at(1s));
  CHECK_FALSE(empty.try_accept(at(2s)));
  CHECK(empty.try_accept(at(3s)));
  TryLimiter never(0);
  CHECK_FALSE(never.try_accept(at(1000s)));
  CHECK(never.ready_at(at(0s)) == kTimeNever);
  never.swap(0.1F, at(1000s));
  CHECK_FALSE(never.try_accept(at(1000s)));
  CHECK(never.try_accept(at(1010s)));
}

TEST_CASE("a node that had its turn does not queue again until it is removed", "[controllers]") {
  TaintQueue queue(1000);
  queue.add("a");
  queue.add("a");
  queue.add("b");
  CHECK(queue.take(at(0s)) == "a");
  queue.add("a");
  CHECK(queue.take(at(1s)) == "b");
  CHECK(queue.is_empty());
  CHECK(queue.ready_at(at(2s)) == kTimeNever);
  queue.remove("a");
  queue.add("a");
  CHECK(queue.take(at(2s)) == "a");
  CHECK_FALSE(queue.take(at(3s)).has_value());
}

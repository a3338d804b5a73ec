// Coroutines on virtual time: sleeping, cancelling, failing.

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sim/kernel/kernel.h"
#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

TEST_CASE("sleeping tasks wake in order of time", "[kernel]") {
  Tasks t;
  spawn(t.kernel.executor(), sleep_twice(t, "slow", 3s));
  spawn(t.kernel.executor(), sleep_twice(t, "fast", 2s));
  CHECK(t.log.empty());  // nothing starts inline
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(t.log == Log{"0 slow starts", "0 fast starts", "2 fast half", "3 slow half", "4 fast ends",
                     "6 slow ends"});
}

TEST_CASE("a sleep until a time that has passed ends at once but not inline", "[kernel]") {
  Tasks t;
  auto body = [](Tasks& w) -> Awaitable<void> {
    co_await w.clock.sleep_for(2s);
    co_await w.clock.sleep_until(kTimeZero + 1s);
    w.note("awake");
  };
  t.kernel.at(kTimeZero + 2s, Phase::kWorld, [&t] { t.note("event before"); });
  spawn(t.kernel.executor(), body(t));
  t.run();
  CHECK(t.log == Log{"2 event before", "2 awake"});
}

TEST_CASE("an exception that leaves a task leaves run", "[kernel]") {
  Tasks t;
  spawn(t.kernel.executor(), fail_after(t, 5s));
  CHECK_THROWS_WITH(t.run(), "task failed");
  CHECK(t.kernel.now() == kTimeZero + 5s);
}

TEST_CASE("the first of two sleeps cancels the other", "[kernel]") {
  using namespace asio::experimental::awaitable_operators;
  Tasks t;
  auto body = [](Tasks& w, Duration a, Duration b) -> Awaitable<void> {
    const auto first = co_await (w.clock.sleep_for(a) || w.clock.sleep_for(b));
    w.note(std::to_string(first.index()));
  };
  spawn(t.kernel.executor(), body(t, 1s, 1h));
  spawn(t.kernel.executor(), body(t, 3s, 2s));
  spawn(t.kernel.executor(), body(t, 4s, 4s));
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(t.log == Log{"1 0", "2 1", "4 0"});
  CHECK(t.kernel.now() == kTimeZero + 4s);
}

TEST_CASE("a kernel destroys tasks that still sleep", "[kernel]") {
  int destroyed = 0;

  struct Count {
    int& n;

    ~Count() { ++n; }
  };

  auto body = [](Clock& clock, int& n) -> Awaitable<void> {
    const Count count{n};
    co_await clock.sleep_for(1h);
  };
  {
    Kernel kernel{WallTime{}};
    spawn(kernel.executor(), body(kernel.clock(Phase::kWorld), destroyed));
    spawn(kernel.executor(), body(kernel.clock(Phase::kWorld), destroyed));
    kernel.settle();
    spawn(kernel.executor(), body(kernel.clock(Phase::kWorld), destroyed));
  }
  CHECK(destroyed == 2);  // the third never started
}

TEST_CASE("tasks wake in the phase of their clock", "[kernel]") {
  Tasks t;
  auto body = [](Tasks& w, Phase phase, std::string name) -> Awaitable<void> {
    co_await w.kernel.clock(phase).sleep_for(1s);
    w.note(name);
  };
  spawn(t.kernel.executor(), body(t, Phase::kAutoscaler, "autoscaler"));
  spawn(t.kernel.executor(), body(t, Phase::kScheduler, "scheduler"));
  spawn(t.kernel.executor(), body(t, Phase::kWorld, "world"));
  t.run();
  CHECK(t.log == Log{"1 world", "1 scheduler", "1 autoscaler"});
}

}  // namespace
}  // namespace casim::sim

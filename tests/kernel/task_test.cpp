// Coroutines on virtual time: sleeping, cancelling, failing.

#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "sim/kernel/kernel.h"
#include "src/async/task_scope.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

struct Tasks {
  Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(Phase::kWorld);
  std::vector<std::string> log;

  Kernel::Stop run() { return kernel.run(kTimeZero + 1h, 1'000'000); }

  void note(std::string what) {
    const auto s = std::chrono::floor<std::chrono::seconds>(kernel.now() - kTimeZero).count();
    log.push_back(std::to_string(s) + " " + std::move(what));
  }
};

using Log = std::vector<std::string>;

Awaitable<void> sleep_twice(Tasks& t, std::string name, Duration d) {
  t.note(name + " starts");
  co_await t.clock.sleep_for(d);
  t.note(name + " half");
  co_await t.clock.sleep_for(d);
  t.note(name + " ends");
}

// Says that its frame is gone.
struct Tombstone {
  Tasks& t;
  std::string name;

  ~Tombstone() { t.note(name + " is gone"); }
};

Awaitable<void> sleep_in_depth(Tasks& t, std::string name, int depth) {
  const Tombstone tombstone{t, name + std::to_string(depth)};
  if (depth > 0) {
    co_await sleep_in_depth(t, name, depth - 1);
  } else {
    co_await t.clock.sleep_for(1h);
  }
  t.note("not reached");
}

Awaitable<void> fail_after(Tasks& t, Duration d) {
  co_await t.clock.sleep_for(d);
  throw std::runtime_error("task failed");
}

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

TEST_CASE("a task that fails before its first await throws from run too", "[kernel]") {
  Tasks t;
  auto body = []() -> Awaitable<void> {
    throw std::runtime_error("at once");
    co_return;
  };
  spawn(t.kernel.executor(), body());
  CHECK_THROWS_WITH(t.kernel.settle(), "at once");
}

TEST_CASE("a scope rethrows what leaves its tasks, and forgets them", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(fail_after(t, 1s));
  scope.spawn(sleep_twice(t, "a", 2s));
  CHECK(scope.size() == 2);
  CHECK_THROWS_WITH(t.run(), "task failed");
  CHECK(scope.size() == 1);
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(scope.empty());
}

TEST_CASE("cancelling a scope only marks; polling unwinds all frames at this instant", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(sleep_in_depth(t, "a", 1));
  scope.spawn(sleep_in_depth(t, "b", 0));
  t.kernel.at(kTimeZero + 1s, Phase::kWorld, [&] {
    scope.cancel();
    CHECK(scope.size() == 2);
  });
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(scope.empty());
  CHECK(t.kernel.now() == kTimeZero + 1s);  // the events of the sleeps are gone
  CHECK(t.log == Log{"1 a0 is gone", "1 a1 is gone", "1 b0 is gone"});
}

TEST_CASE("a task that has not started when its scope is cancelled never starts", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(sleep_twice(t, "a", 1s));
  scope.cancel();
  scope.spawn(sleep_twice(t, "b", 1s));
  t.kernel.settle();
  CHECK(scope.empty());
  CHECK(t.log.empty());
}

TEST_CASE("a cancelled task may not wait again, even if it catches the abort", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto stubborn = [](Tasks& w) -> Awaitable<void> {
    try {
      co_await w.clock.sleep_for(1h);
    } catch (const boost::system::system_error&) {
      w.note("caught");
    }
    co_await w.clock.sleep_for(1h);
    w.note("not reached");
  };
  scope.spawn(stubborn(t));
  t.kernel.settle();
  scope.cancel();
  t.kernel.settle();
  CHECK(scope.empty());
  CHECK(t.log == Log{"0 caught"});
}

TEST_CASE("an error other than the abort still leaves a cancelled scope", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto body = [](Tasks& w) -> Awaitable<void> {
    try {
      co_await w.clock.sleep_for(1h);
    } catch (const boost::system::system_error&) {
      throw std::runtime_error("clean-up failed");
    }
  };
  scope.spawn(body(t));
  t.kernel.settle();
  scope.cancel();
  CHECK_THROWS_WITH(t.kernel.settle(), "clean-up failed");
  CHECK(scope.empty());
}

TEST_CASE("a scope may be cancelled by one of its own tasks", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto killer = [](Tasks& w, TaskScope& s) -> Awaitable<void> {
    co_await w.clock.sleep_for(1s);
    s.cancel();
    w.note("cancelled");
  };
  scope.spawn(sleep_in_depth(t, "a", 0));
  scope.spawn(killer(t, scope));
  t.run();
  CHECK(scope.empty());
  CHECK(t.log == Log{"1 cancelled", "1 a0 is gone"});
}

TEST_CASE("a sleep that was cancelled in the instant of its end runs once", "[kernel]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  t.kernel.at(kTimeZero + 2s, Phase::kWorld, [&scope] { scope.cancel(); });
  scope.spawn(sleep_twice(t, "a", 1s));
  t.run();
  CHECK(scope.empty());
  CHECK(t.log == Log{"0 a starts", "1 a half"});
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

TEST_CASE("cancelling a scope reaches sleeps inside parallel groups", "[kernel]") {
  using namespace asio::experimental::awaitable_operators;
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto body = [](Tasks& w) -> Awaitable<void> {
    co_await (sleep_in_depth(w, "a", 1) && sleep_in_depth(w, "b", 0));
  };
  scope.spawn(body(t));
  t.kernel.at(kTimeZero + 1s, Phase::kWorld, [&scope] { scope.cancel(); });
  CHECK(t.run() == Kernel::Stop::kDry);
  CHECK(scope.empty());
  CHECK(t.log == Log{"1 a0 is gone", "1 a1 is gone", "1 b0 is gone"});
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

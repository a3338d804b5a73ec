#include "src/async/task_scope.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/system/system_error.hpp>

#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a task that fails before its first await throws from run too", "[async]") {
  Tasks t;
  auto body = []() -> Awaitable<void> {
    throw std::runtime_error("at once");
    co_return;
  };
  spawn(t.kernel.executor(), body());
  CHECK_THROWS_WITH(t.kernel.settle(), "at once");
}

TEST_CASE("a scope rethrows what leaves its tasks, and forgets them", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(fail_after(t, 1s));
  scope.spawn(sleep_twice(t, "a", 2s));
  CHECK_THROWS_WITH(t.run(), "task failed");
  CHECK_FALSE(scope.empty());
  CHECK(t.run() == sim::Kernel::Stop::kDry);
  CHECK(scope.empty());
}

TEST_CASE("cancelling a scope only marks; polling unwinds all frames at this instant", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(sleep_in_depth(t, "a", 1));
  scope.spawn(sleep_in_depth(t, "b", 0));
  t.kernel.at(kTimeZero + 1s, sim::Phase::kWorld, [&] {
    scope.cancel();
    CHECK_FALSE(scope.empty());
    CHECK(t.log.empty());
  });
  CHECK(t.run() == sim::Kernel::Stop::kDry);
  CHECK(scope.empty());
  CHECK(t.kernel.now() == kTimeZero + 1s);  // the events of the sleeps are gone
  CHECK(t.log == Log{"1 a0 is gone", "1 a1 is gone", "1 b0 is gone"});
}

TEST_CASE("a task that has not started when its scope is cancelled never starts", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(sleep_twice(t, "a", 1s));
  scope.cancel();
  scope.spawn(sleep_twice(t, "b", 1s));
  t.kernel.settle();
  CHECK(scope.empty());
  CHECK(t.log.empty());
}

TEST_CASE("a cancelled task may not wait again, even if it catches the abort", "[async]") {
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

TEST_CASE("an error other than the abort still leaves a cancelled scope", "[async]") {
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

TEST_CASE("a scope may be cancelled by one of its own tasks", "[async]") {
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

TEST_CASE("a sleep that was cancelled in the instant of its end runs once", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  t.kernel.at(kTimeZero + 2s, sim::Phase::kWorld, [&scope] { scope.cancel(); });
  scope.spawn(sleep_twice(t, "a", 1s));
  t.run();
  CHECK(scope.empty());
  CHECK(t.log == Log{"0 a starts", "1 a half"});
}

TEST_CASE("cancelling a scope reaches sleeps inside parallel groups", "[async]") {
  using namespace asio::experimental::awaitable_operators;
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto body = [](Tasks& w) -> Awaitable<void> {
    co_await (sleep_in_depth(w, "a", 1) && sleep_in_depth(w, "b", 0));
  };
  scope.spawn(body(t));
  t.kernel.at(kTimeZero + 1s, sim::Phase::kWorld, [&scope] { scope.cancel(); });
  CHECK(t.run() == sim::Kernel::Stop::kDry);
  CHECK(scope.empty());
  CHECK(t.log == Log{"1 a0 is gone", "1 a1 is gone", "1 b0 is gone"});
}

}  // namespace
}  // namespace casim

#include "src/async/run_all.h"

#include <boost/asio/post.hpp>

#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

Awaitable<void> sleep(Tasks& t, std::string name, Duration d) {
  t.note(name + " starts");
  co_await t.clock.sleep_for(d);
  t.note(name + " ends");
}

// Tasks that sleep for so long, and a note when all have ended.
Awaitable<void> sleep_all(Tasks& t, std::vector<Duration> sleeps, std::size_t limit) {
  std::vector<Awaitable<void>> tasks;
  for (const Duration& d : sleeps) {
    tasks.push_back(sleep(t, std::string(1, static_cast<char>('a' + tasks.size())), d));
  }
  co_await run_all(std::move(tasks), limit);
  t.note("all end");
}

TEST_CASE("tasks run side by side, and the last one ends them all", "[async]") {
  Tasks t;
  spawn(t.kernel.executor(), sleep_all(t, {2s, 3s, 1s}, 0));
  t.run();
  CHECK(t.log == Log{"0 a starts", "0 b starts", "0 c starts", "1 c ends", "2 a ends", "3 b ends",
                     "3 all end"});
}

TEST_CASE("no more tasks than the limit run at a time, in their order", "[async]") {
  Tasks t;
  spawn(t.kernel.executor(), sleep_all(t, {2s, 1s, 2s, 1s}, 2));
  t.run();
  CHECK(t.log == Log{"0 a starts", "0 b starts", "1 b ends", "1 c starts", "2 a ends", "2 d starts",
                     "3 c ends", "3 d ends", "3 all end"});
}

TEST_CASE("no task and tasks that do not wait end at once", "[async]") {
  Tasks t;
  const int count = GENERATE(0, 1, 3);
  auto body = [](Tasks& w, int n) -> Awaitable<void> {
    auto task = [](Tasks& u) -> Awaitable<void> {
      u.note("runs");
      co_return;
    };
    std::vector<Awaitable<void>> tasks;
    for (int i = 0; i < n; ++i) tasks.push_back(task(w));
    co_await run_all(std::move(tasks));
    w.note("all end");
  };
  spawn(t.kernel.executor(), body(t, count));
  t.kernel.settle();
  Log expected(static_cast<std::size_t>(count), "0 runs");
  expected.push_back("0 all end");
  CHECK(t.log == expected);
}

// Refers to its caller's frame until its own is gone.
Awaitable<void> write_late(Tasks& t, std::vector<int>& frame, Duration d) {
  struct Write {
    std::vector<int>& to;

    ~Write() { to.push_back(1); }
  };

  const Write write{frame};
  co_await t.clock.sleep_for(d);
}

Awaitable<void> lend_frame(Tasks& t, int tasks_count) {
  std::vector<int> frame;
  const Tombstone tombstone{t, "caller"};
  std::vector<Awaitable<void>> tasks;
  for (int i = 0; i < tasks_count; ++i) tasks.push_back(write_late(t, frame, 1h));
  try {
    co_await run_all(std::move(tasks));
  } catch (...) {
    t.note(std::to_string(frame.size()) + " unwound");
    throw;
  }
  t.note(std::to_string(frame.size()) + " ended");
}

TEST_CASE("a cancelled caller goes after its tasks, which may write into its frame", "[async]") {
  Tasks t;
  const int count = GENERATE(1, 2, 5);
  TaskScope scope(t.kernel.executor());
  scope.spawn(lend_frame(t, count));
  t.kernel.settle();
  scope.cancel();
  t.kernel.settle();
  CHECK(scope.empty());
  CHECK(t.kernel.next_event_time() == kTimeNever);  // nobody sleeps any more
  const std::string all = std::to_string(count);
  CHECK(t.log == Log{"0 " + all + " unwound", "0 caller is gone"});
}

TEST_CASE("a caller that is cancelled before its tasks start starts none of them", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(sleep_all(t, {1s, 1s}, 0));
  // Runs after the caller has begun and before the tasks that it has posted.
  asio::post(t.kernel.executor(), [&scope] { scope.cancel(); });
  t.kernel.settle();
  CHECK(scope.empty());
  CHECK(t.log.empty());
}

TEST_CASE("a cancelled caller may not wait again after its tasks", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto body = [](Tasks& w) -> Awaitable<void> {
    std::vector<Duration> sleeps(2, 1h);
    try {
      co_await sleep_all(w, std::move(sleeps), 0);
    } catch (const std::exception&) {
      w.note("caught");
    }
    co_await w.clock.sleep_for(1h);
    w.note("not reached");
  };
  scope.spawn(body(t));
  t.kernel.settle();
  scope.cancel();
  t.kernel.settle();
  CHECK(scope.empty());
  CHECK(t.log == Log{"0 a starts", "0 b starts", "0 caught"});
}

TEST_CASE("an exception that leaves a task ends the others and leaves the caller", "[async]") {
  Tasks t;
  const std::size_t limit = GENERATE(0U, 2U);
  TaskScope scope(t.kernel.executor());
  auto body = [](Tasks& w, std::size_t most) -> Awaitable<void> {
    std::vector<Awaitable<void>> tasks;
    tasks.push_back(sleep_in_depth(w, "a", 0));
    tasks.push_back(fail_after(w, 1s));
    tasks.push_back(sleep(w, "c", 2s));
    co_await run_all(std::move(tasks), most);
  };
  scope.spawn(body(t, limit));
  CHECK_THROWS_WITH(t.run(), "task failed");
  CHECK(scope.empty());
  CHECK(t.log == (limit == 0 ? Log{"0 c starts", "1 a0 is gone"} : Log{"1 a0 is gone"}));
}

}  // namespace
}  // namespace casim

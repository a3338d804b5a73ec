#include "src/async/semaphore.h"

#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

Awaitable<void> hold(Tasks& t, Semaphore& semaphore, std::string name, Duration d) {
  const Semaphore::Permit permit = co_await semaphore.acquire();
  t.note(name + " has it");
  co_await t.clock.sleep_for(d);
}

TEST_CASE("permits go to those who wait in order of arrival, so many at a time", "[async]") {
  Tasks t;
  Semaphore semaphore(t.kernel.executor(), 2);
  spawn(t.kernel.executor(), hold(t, semaphore, "a", 3s));
  spawn(t.kernel.executor(), hold(t, semaphore, "b", 1s));
  spawn(t.kernel.executor(), hold(t, semaphore, "c", 4s));
  spawn(t.kernel.executor(), hold(t, semaphore, "d", 1s));
  t.run();
  CHECK(t.log == Log{"0 a has it", "0 b has it", "1 c has it", "3 d has it"});
  CHECK(semaphore.is_free());
}

TEST_CASE("a permit that is handed on is not free in between", "[async]") {
  Tasks t;
  Semaphore lock(t.kernel.executor(), 1);
  spawn(t.kernel.executor(), hold(t, lock, "a", 1s));
  spawn(t.kernel.executor(), hold(t, lock, "b", 1s));
  auto body = [](Tasks& w, Semaphore& s) -> Awaitable<void> {
    co_await w.clock.sleep_for(1s);  // wakes right after "a", before "b" goes on
    CHECK_FALSE(s.is_free());
    co_await hold(w, s, "c", 1s);
  };
  spawn(t.kernel.executor(), body(t, lock));
  t.run();
  CHECK(t.log == Log{"0 a has it", "1 b has it", "2 c has it"});
}

TEST_CASE("who is cancelled in line leaves it, and who holds a permit gives it back", "[async]") {
  Tasks t;
  Semaphore lock(t.kernel.executor(), 1);
  TaskScope holder(t.kernel.executor());
  TaskScope waiter(t.kernel.executor());
  holder.spawn(hold(t, lock, "a", 1h));
  waiter.spawn(hold(t, lock, "b", 1h));
  spawn(t.kernel.executor(), hold(t, lock, "c", 1s));
  t.kernel.settle();
  waiter.cancel();
  t.kernel.settle();
  CHECK(t.log == Log{"0 a has it"});
  holder.cancel();
  t.kernel.settle();
  CHECK(t.log == Log{"0 a has it", "0 c has it"});
}

TEST_CASE("who is cancelled in the instant in which a permit comes passes it on", "[async]") {
  Tasks t;
  Semaphore lock(t.kernel.executor(), 1);
  TaskScope holder(t.kernel.executor());
  TaskScope waiter(t.kernel.executor());
  holder.spawn(hold(t, lock, "a", 1s));
  waiter.spawn(hold(t, lock, "b", 1h));
  spawn(t.kernel.executor(), hold(t, lock, "c", 1s));
  auto killer = [](Tasks& w, TaskScope& s) -> Awaitable<void> {
    co_await w.clock.sleep_for(1s);  // wakes right after "a"
    s.cancel();
  };
  spawn(t.kernel.executor(), killer(t, waiter));
  t.run();
  CHECK(t.log == Log{"0 a has it", "1 b has it", "1 c has it"});
  CHECK(lock.is_free());
}

}  // namespace
}  // namespace casim

#include "src/async/run_until.h"

#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

Awaitable<int> answer_after(Tasks& t, Duration d) {
  const Tombstone tombstone{t, "task"};
  if (d > Duration{}) co_await t.clock.sleep_for(d);
  co_return 42;
}

Awaitable<int> fail(Tasks& t, Duration d) {
  co_await fail_after(t, d);
  co_return 0;
}

// Answers a cancellation with an error of its own.
Awaitable<int> last_words(Tasks& t) {
  try {
    co_await t.clock.sleep_for(1h);
  } catch (const boost::system::system_error&) {
    throw std::runtime_error("last words");
  }
  co_return 0;
}

Awaitable<void> ask(Tasks& t, Duration longest, Awaitable<int> task) {
  const Tombstone tombstone{t, "caller"};
  const std::optional<int> answer =
      co_await run_until(t.clock, t.kernel.now() + longest, std::move(task));
  t.note(answer ? "answer " + std::to_string(*answer) : "too late");
  co_await t.clock.sleep_for(1s);  // its own cancellation is as it was
  t.note("goes on");
}

TEST_CASE("a task before its deadline gives what it has, and nothing of it stays", "[async]") {
  Tasks t;
  const Duration takes = GENERATE(Duration{}, Duration(2s));
  spawn(t.kernel.executor(), ask(t, 5s, answer_after(t, takes)));
  CHECK(t.run() == sim::Kernel::Stop::kDry);
  const std::string at = takes == Duration{} ? "0" : "2";
  const std::string later = takes == Duration{} ? "1" : "3";
  CHECK(t.log == Log{at + " task is gone", at + " answer 42", later + " goes on",
                     later + " caller is gone"});
  CHECK(t.kernel.now() - kTimeZero == takes + 1s);  // no timer was left
}

TEST_CASE("a task past its deadline is gone before the caller goes on", "[async]") {
  Tasks t;
  const Duration longest = GENERATE(Duration{}, Duration(5s));
  spawn(t.kernel.executor(), ask(t, longest, answer_after(t, 1h)));
  CHECK(t.run() == sim::Kernel::Stop::kDry);
  const std::string at = longest == Duration{} ? "0" : "5";
  const std::string later = longest == Duration{} ? "1" : "6";
  CHECK(t.log ==
        Log{at + " task is gone", at + " too late", later + " goes on", later + " caller is gone"});
}

TEST_CASE("a caller that is cancelled waits until its task is gone", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(ask(t, 5s, answer_after(t, 1h)));
  t.kernel.settle();
  scope.cancel();
  t.kernel.settle();
  CHECK(t.log == Log{"0 task is gone", "0 caller is gone"});
  CHECK(scope.empty());
  CHECK(t.run() == sim::Kernel::Stop::kDry);
}

TEST_CASE("what a task throws before its deadline leaves the call", "[async]") {
  Tasks t;
  spawn(t.kernel.executor(), ask(t, 5s, fail(t, 2s)));
  CHECK_THROWS_WITH(t.run(), "task failed");
  CHECK(t.log == Log{"2 caller is gone"});
}

TEST_CASE("what a task throws at its deadline is no answer", "[async]") {
  Tasks t;
  spawn(t.kernel.executor(), ask(t, 5s, last_words(t)));
  CHECK(t.run() == sim::Kernel::Stop::kDry);
  CHECK(t.log == Log{"5 too late", "6 goes on", "6 caller is gone"});
}

TEST_CASE("what a task throws when its caller is cancelled leaves the call", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  scope.spawn(ask(t, 5s, last_words(t)));
  t.kernel.settle();
  scope.cancel();
  CHECK_THROWS_WITH(t.kernel.settle(), "last words");
  CHECK(t.log == Log{"0 caller is gone"});
  CHECK(scope.empty());
}

}  // namespace
}  // namespace casim

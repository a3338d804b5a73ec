#include "src/async/one_shot.h"

#include <memory>

#include <boost/system/system_error.hpp>

#include "tests/async/tasks.h"
#include "tests/catch.h"

namespace casim {
namespace {

using Shot = OneShot<int>;

// Waits for one number and notes how the wait ended.
struct Waiting : Tasks {
  Waiting() {
    scope.spawn(wait());
    kernel.settle();
  }

  Awaitable<void> wait() {
    const auto begin = [this](const std::shared_ptr<Shot>& s) { shot = s; };
    const auto leave = [this](const std::shared_ptr<Shot>&) { note("leaves"); };
    try {
      const int answer = co_await wait_for_answer<Shot>(kernel.executor(), begin, leave);
      note("has " + std::to_string(answer));
    } catch (const boost::system::system_error& e) {
      note(e.code() == asio::error::operation_aborted ? "aborted" : "failed");
    }
  }

  TaskScope scope{kernel.executor()};
  std::shared_ptr<Shot> shot;
};

TEST_CASE("an answer ends a wait through the executor, never inline", "[async]") {
  Waiting w;
  w.shot->answer(7);
  CHECK(w.log.empty());
  w.kernel.settle();
  CHECK(w.log == Log{"0 has 7"});
}

TEST_CASE("a cancelled wait leaves first, and an answer that comes later is lost", "[async]") {
  Waiting w;
  w.scope.cancel();
  CHECK(w.log == Log{"0 leaves"});
  w.shot->answer(7);
  w.kernel.settle();
  CHECK(w.log == Log{"0 leaves", "0 aborted"});
}

TEST_CASE("a wait that has its answer cannot be cancelled any more", "[async]") {
  Waiting w;
  w.shot->answer(7);
  w.scope.cancel();
  w.shot->answer(8);
  w.kernel.settle();
  CHECK(w.log == Log{"0 has 7"});
}

TEST_CASE("a wait that is answered as it begins is not cancelled later", "[async]") {
  Tasks t;
  TaskScope scope(t.kernel.executor());
  auto body = [](Tasks& w) -> Awaitable<void> {
    const auto begin = [](const std::shared_ptr<Shot>& shot) { shot->answer(1); };
    const auto leave = [&w](const std::shared_ptr<Shot>&) { w.note("leaves"); };
    co_await wait_for_answer<Shot>(w.kernel.executor(), begin, leave);
    w.note("goes on");
  };
  scope.spawn(body(t));
  // The wait begins when the executor is polled, and the cancellation comes before its end.
  asio::post(t.kernel.executor(), [&scope] { scope.cancel(); });
  t.kernel.settle();
  CHECK(t.log == Log{"0 goes on"});
}

}  // namespace
}  // namespace casim

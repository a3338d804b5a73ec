#include "src/live/system_clock.h"

#include <string>

#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>

#include "src/async/task_scope.h"
#include "tests/catch.h"

namespace casim {
namespace {

using namespace std::chrono_literals;

struct Waiting {
  asio::io_context io{1};
  SystemClock clock{io.get_executor()};
  std::string log;

  Clock::Handler note(char c) {
    return [this, c](boost::system::error_code error) { log += error ? '!' : c; };
  }
};

TEST_CASE("the machine's clock starts at zero and its wall time is after 2026", "[live]") {
  Waiting w;
  const TimePoint first = w.clock.now();
  CHECK(first >= kTimeZero);
  CHECK(first < kTimeZero + 1min);
  CHECK(w.clock.now() >= first);
  CHECK(w.clock.wall_now() > std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
}

TEST_CASE("waits on the machine's clock end in order and not before their time", "[live]") {
  Waiting w;
  const TimePoint begin = w.clock.now();
  w.clock.arm(begin + 6ms, w.note('c'));
  w.clock.arm(begin + 3ms, w.note('b'));
  w.clock.arm(kTimeZero, w.note('a'));
  CHECK(w.log.empty());  // not inline
  w.io.run();
  CHECK(w.log == "abc");
  CHECK(w.clock.now() >= begin + 6ms);
}

TEST_CASE("a wait on the machine's clock can be cancelled, one without end too", "[live]") {
  using namespace asio::experimental::awaitable_operators;
  Waiting w;
  const Duration length = GENERATE(Duration(1h), Duration::max());
  auto body = [](Waiting& waiting, Duration long_wait) -> Awaitable<void> {
    const auto first =
        co_await (waiting.clock.sleep_for(1ms) || waiting.clock.sleep_for(long_wait));
    waiting.log += static_cast<char>('0' + first.index());
  };
  spawn(w.io.get_executor(), body(w, length));
  w.io.run();
  CHECK(w.log == "0");
}

}  // namespace
}  // namespace casim

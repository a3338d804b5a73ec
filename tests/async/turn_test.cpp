// Two threads that take turns: that of an io_context, and one beside it.
#include "src/async/turn.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/async/task_scope.h"
#include "src/async/turn_executor.h"
#include "tests/catch.h"

namespace casim {
namespace {

struct TurnWorld {
  Turn turn;
  asio::io_context io{1};
  const asio::any_io_executor executor{TurnExecutor(io.get_executor(), turn)};
  std::string order;  // what ran, a letter each
};

}  // namespace

TEST_CASE("a turn within a turn ends nothing", "[async]") {
  Turn turn;
  {
    const Turn::Hold outer(turn);
    {
      const Turn::Hold inner(turn);
    }
    CHECK(turn.is_mine());
  }
  CHECK_FALSE(turn.is_mine());
}

TEST_CASE("a turn is of one thread", "[async]") {
  Turn turn;
  const Turn::Hold hold(turn);
  bool is_theirs = true;
  std::thread([&] { is_theirs = turn.is_mine(); }).join();
  CHECK_FALSE(is_theirs);
}

TEST_CASE("who waits for a turn has it before who comes back for the next", "[async]") {
  constexpr int kTurns = 1000;
  Turn turn;
  int theirs = 0;
  std::thread other([&] {
    for (int i = 0; i < kTurns; ++i) {
      const Turn::Hold hold(turn);
      ++theirs;
    }
  });
  for (int seen = 0; seen < kTurns;) {
    {
      const Turn::Hold hold(turn);
      seen = theirs;
      while (seen < kTurns && !turn.is_awaited()) std::this_thread::yield();
    }
    if (seen == kTurns) break;
    const Turn::Hold next(turn);
    CHECK(theirs > seen);
  }
  other.join();
}

TEST_CASE("all that comes through the executor is a turn", "[async]") {
  TurnWorld world;
  const auto note = [&world](char letter) {
    if (world.turn.is_mine()) world.order += letter;
  };
  asio::post(world.executor, [&] { note('p'); });
  asio::dispatch(world.executor, [&] { note('d'); });
  asio::steady_timer timer(world.executor, std::chrono::steady_clock::time_point());
  const auto sleep = [&]() -> Awaitable<void> {
    note('c');
    co_await timer.async_wait(asio::use_awaitable);
    note('t');
  };
  spawn(world.executor, sleep());
  world.io.run();
  CHECK(world.order == "pdct");
  CHECK_FALSE(world.turn.is_mine());
}

TEST_CASE("on the io_context's thread a dispatch runs inline, a post later", "[async]") {
  TurnWorld world;
  const auto begin = [&world] {
    asio::post(world.executor, [&world] { world.order += 'p'; });
    asio::dispatch(world.executor, [&world] { world.order += 'd'; });
    world.order += 'b';
  };
  SECTION("within a turn") { asio::post(world.executor, begin); }
  SECTION("outside of one") { asio::post(world.io, begin); }
  world.io.run();
  CHECK(world.order == "dbp");
}

TEST_CASE("what another thread gives the executor in its turn runs on the io_context's thread",
          "[async]") {
  TurnWorld world;
  std::thread::id ran_on;
  std::thread([&world, &ran_on] {
    const Turn::Hold hold(world.turn);
    asio::post(world.executor, [&world] { world.order += 'p'; });
    asio::dispatch(world.executor, [&world, &ran_on] {
      world.order += 'd';
      ran_on = std::this_thread::get_id();
    });
    world.order += 'b';
  }).join();
  world.io.run();
  CHECK(world.order == "bpd");
  CHECK(ran_on == std::this_thread::get_id());
}

TEST_CASE("an exception ends its turn and leaves whoever runs the io_context", "[async]") {
  TurnWorld world;
  asio::post(world.executor, [] { throw std::runtime_error("handler"); });
  asio::post(world.executor, [&world] { world.order += 'p'; });
  CHECK_THROWS_WITH(world.io.run(), "handler");
  CHECK_FALSE(world.turn.is_mine());
  world.io.run();
  CHECK(world.order == "p");
}

TEST_CASE("work that is yet to come keeps the io_context running", "[async]") {
  TurnWorld world;
  auto work = asio::make_work_guard(world.executor);
  world.io.poll();
  CHECK_FALSE(world.io.stopped());
  work.reset();
  world.io.poll();
  CHECK(world.io.stopped());
}

TEST_CASE("what a handler has alone dies in its turn", "[async]") {
  struct Remains {
    TurnWorld& world;

    ~Remains() { world.order += world.turn.is_mine() ? 'i' : 'o'; }
  };

  TurnWorld world;
  asio::post(world.executor, [own = std::make_unique<Remains>(world)] {});
  world.io.run();
  CHECK(world.order == "i");
}

}  // namespace casim

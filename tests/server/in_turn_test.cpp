// Runs under the thread sanitizer too: what it links knows nothing of gRPC.
#include "src/server/in_turn.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/async/task_scope.h"
#include "src/async/turn_executor.h"
#include "tests/catch.h"

namespace casim::server {
namespace {

struct PumpWorld {
  Turn turn;
  asio::io_context io{1};
  const asio::any_io_executor executor{TurnExecutor(io.get_executor(), turn)};
  InTurn delivery{executor, turn};
  std::string order;  // what ran, a letter each
};

// Notes its letter, in upper case where gRPC reported a failure.
class LetterTag final : public Tag {
 public:
  LetterTag(PumpWorld& world, char letter) : world_(world), letter_(letter) {}

  void complete(bool ok) override {
    CHECK(world_.turn.is_mine());
    world_.order += ok ? letter_ : static_cast<char>(letter_ - 'a' + 'A');
  }

 private:
  PumpWorld& world_;
  char letter_;
};

class ThrowingTag final : public Tag {
 public:
  void complete(bool) override { throw std::runtime_error("tag"); }
};

}  // namespace

TEST_CASE("a tag is complete when it has been pushed", "[server]") {
  PumpWorld world;
  LetterTag a(world, 'a');
  LetterTag b(world, 'b');
  std::thread([&] {
    world.delivery.push(a, true);
    world.delivery.push(b, false);
  }).join();
  CHECK(world.order == "aB");
  CHECK_FALSE(world.turn.is_mine());
}

TEST_CASE("a tag that throws does so where the executor is polled, and others follow", "[server]") {
  PumpWorld world;
  LetterTag a(world, 'a');
  ThrowingTag thrower;
  LetterTag b(world, 'b');
  std::thread([&] {
    world.delivery.push(a, true);
    world.delivery.push(thrower, true);
    world.delivery.push(b, true);
  }).join();
  CHECK(world.order == "ab");
  CHECK_THROWS_WITH(world.io.poll(), "tag");
}

TEST_CASE("what a tag posts runs on the io_context's thread, in a turn of its own", "[server]") {
  class PostingTag final : public Tag {
   public:
    explicit PostingTag(PumpWorld& world) : world_(world) {}

    void complete(bool) override {
      asio::post(world_.executor, [this] {
        CHECK(world_.turn.is_mine());
        world_.order += 'p';
      });
      world_.order += 'a';
    }

   private:
    PumpWorld& world_;
  };

  PumpWorld world;
  PostingTag a(world);
  LetterTag b(world, 'b');
  std::thread([&] {
    world.delivery.push(a, true);
    world.delivery.push(b, true);
  }).join();
  CHECK(world.order == "ab");
  world.io.poll();
  CHECK(world.order == "abp");
}

TEST_CASE("a closed delivery drops what comes", "[server]") {
  PumpWorld world;
  LetterTag a(world, 'a');
  world.delivery.close();
  world.delivery.push(a, true);
  CHECK(world.order.empty());
}

// The thread sanitizer watches the counter, which no lock guards but the turns.
TEST_CASE("turns of pumps, timers and posts touch one thing without a race", "[server]") {
  constexpr int kRounds = 2000;
  constexpr int kPumps = 3;

  class CountingTag final : public Tag {
   public:
    CountingTag(PumpWorld& world, int& counter) : world_(world), counter_(counter) {}

    void complete(bool) override {
      ++counter_;
      asio::post(world_.executor, [this] { ++counter_; });
    }

   private:
    PumpWorld& world_;
    int& counter_;
  };

  PumpWorld world;
  int counter = 0;
  auto work = asio::make_work_guard(world.executor);
  std::atomic<int> running = kPumps;
  const auto tick = [&]() -> Awaitable<void> {
    asio::steady_timer timer(world.executor);
    for (int i = 0; i < kRounds; ++i) {
      timer.expires_after(std::chrono::microseconds(10));
      co_await timer.async_wait(asio::use_awaitable);
      ++counter;
    }
  };
  spawn(world.executor, tick());
  std::vector<std::thread> pumps;
  for (int i = 0; i < kPumps; ++i) {
    pumps.emplace_back([&] {
      CountingTag tag(world, counter);
      for (int round = 0; round < kRounds; ++round) world.delivery.push(tag, true);
      // What the tag has posted runs before it dies.
      std::atomic<bool> is_done = false;
      asio::post(world.executor, [&] { is_done = true; });
      while (!is_done) std::this_thread::yield();
      if (--running == 0) asio::post(world.io, [&] { work.reset(); });
    });
  }
  world.io.run();
  for (std::thread& pump : pumps) pump.join();
  CHECK(counter == kPumps * kRounds * 2 + kRounds);
}

}  // namespace casim::server

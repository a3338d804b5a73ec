// Runs under the thread sanitizer too: what it links knows nothing of gRPC.
#include "src/server/hand_off.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "tests/catch.h"

namespace casim::server {
namespace {

// Tags of one thread, counted without a lock: only the executor's thread may touch this.
struct Sink {
  std::vector<int> seen;
  int failures = 0;
};

class NumberTag final : public Tag {
 public:
  NumberTag(Sink& sink, int number) : sink_(sink), number_(number) {}

  void complete(bool ok) override {
    sink_.seen.push_back(number_);
    if (!ok) ++sink_.failures;
  }

 private:
  Sink& sink_;
  int number_;
};

std::vector<NumberTag> make_tags(Sink& sink, int count) {
  std::vector<NumberTag> tags;
  for (int i = 0; i < count; ++i) tags.emplace_back(sink, i);
  return tags;
}

}  // namespace

TEST_CASE("tags of a thread complete on the executor, in order and once each", "[server]") {
  constexpr int kCount = 20'000;
  asio::io_context io(1);
  Sink sink;
  std::vector<NumberTag> tags = make_tags(sink, kCount);
  HandOff hand_off(io.get_executor());
  auto work = asio::make_work_guard(io);
  std::thread pump([&] {
    for (int i = 0; i < kCount; ++i) hand_off.push(tags[static_cast<std::size_t>(i)], i % 3 != 0);
    asio::post(io, [&] { work.reset(); });
  });
  io.run();
  pump.join();
  REQUIRE(sink.seen.size() == kCount);
  for (int i = 0; i < kCount; ++i) CHECK(sink.seen[static_cast<std::size_t>(i)] == i);
  CHECK(sink.failures == (kCount + 2) / 3);
}

TEST_CASE("several threads may push at once", "[server]") {
  constexpr int kCount = 5'000;
  asio::io_context io(1);
  std::vector<Sink> sinks(3);
  std::vector<std::vector<NumberTag>> tags;
  for (Sink& sink : sinks) tags.push_back(make_tags(sink, kCount));
  HandOff hand_off(io.get_executor());
  auto work = asio::make_work_guard(io);
  std::vector<std::thread> pumps;
  std::atomic<int> running = static_cast<int>(sinks.size());
  for (std::vector<NumberTag>& own : tags) {
    pumps.emplace_back([&] {
      for (NumberTag& tag : own) hand_off.push(tag, true);
      if (--running == 0) asio::post(io, [&] { work.reset(); });
    });
  }
  io.run();
  for (std::thread& pump : pumps) pump.join();
  for (const Sink& sink : sinks) {
    REQUIRE(sink.seen.size() == kCount);
    CHECK(std::is_sorted(sink.seen.begin(), sink.seen.end()));
  }
}

TEST_CASE("tags without end leave turns to what else the executor has", "[server]") {
  class Endless final : public Tag {
   public:
    Endless(HandOff& hand_off, bool& is_over) : hand_off_(hand_off), is_over_(is_over) {}

    void complete(bool) override {
      if (!is_over_) hand_off_.push(*this, true);
    }

   private:
    HandOff& hand_off_;
    bool& is_over_;
  };

  asio::io_context io(1);
  HandOff hand_off(io.get_executor());
  bool is_over = false;
  Endless endless(hand_off, is_over);
  hand_off.push(endless, true);
  asio::post(io, [&] { is_over = true; });
  io.poll();
  CHECK(is_over);
}

TEST_CASE("an exception of a tag leaves the executor, and the tags behind it follow", "[server]") {
  class Thrower final : public Tag {
   public:
    void complete(bool) override { throw std::runtime_error("tag"); }
  };

  asio::io_context io(1);
  Sink sink;
  NumberTag before(sink, 1);
  NumberTag after(sink, 2);
  Thrower thrower;
  HandOff hand_off(io.get_executor());
  hand_off.push(before, true);
  hand_off.push(thrower, true);
  hand_off.push(after, true);
  CHECK_THROWS_WITH(io.poll(), "tag");
  CHECK(sink.seen == std::vector<int>{1});
  io.restart();
  io.poll();
  CHECK(sink.seen == std::vector<int>{1, 2});
}

TEST_CASE("what was not handed over before the end is dropped", "[server]") {
  asio::io_context io(1);
  Sink sink;
  NumberTag tag(sink, 1);
  {
    HandOff hand_off(io.get_executor());
    hand_off.push(tag, true);
  }
  io.poll();
  CHECK(sink.seen.empty());
}

}  // namespace casim::server

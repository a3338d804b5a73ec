#include "sim/kernel/kernel.h"

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/post.hpp>

#include "src/core/random.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kNoLimit = UINT64_MAX;

TimePoint time_at(Duration d) { return kTimeZero + d; }

struct World {
  Kernel kernel{WallTime{}};
  std::string log;

  Kernel::Handler note(char c) {
    return [this, c] { log += c; };
  }

  Kernel::Stop run(Duration until = 1h, std::uint64_t limit = kNoLimit) {
    return kernel.run(time_at(until), limit);
  }
};

// Busy until it was polled so many times.
class CountingPollable final : public Pollable {
 public:
  explicit CountingPollable(int polls) : left_(polls) {}

  bool poll() override { return is_busy() && --left_ >= 0; }

  bool is_busy() const override { return left_ > 0; }

 private:
  int left_;
};

TEST_CASE("events run by time, then phase, then in the order of scheduling", "[kernel]") {
  World w;
  w.kernel.at(time_at(2s), Phase::kWorld, w.note('f'));
  w.kernel.at(time_at(1s), Phase::kAutoscaler, w.note('d'));
  w.kernel.at(time_at(1s), Phase::kWorld, w.note('a'));
  w.kernel.at(time_at(1s), Phase::kAutoscaler, w.note('e'));
  w.kernel.at(time_at(1s), Phase::kScheduler, w.note('c'));
  w.kernel.at(time_at(1s), Phase::kWorld, w.note('b'));
  CHECK(w.run() == Kernel::Stop::kDry);
  CHECK(w.log == "abcdef");
  CHECK(w.kernel.now() == time_at(2s));
  CHECK(w.kernel.events_run() == 6);
}

TEST_CASE("an event may schedule an earlier phase of the same instant", "[kernel]") {
  World w;
  w.kernel.at(time_at(1s), Phase::kAutoscaler, [&w] {
    w.log += 'a';
    w.kernel.at(w.kernel.now(), Phase::kAutoscaler, w.note('d'));
    w.kernel.at(w.kernel.now(), Phase::kWorld, w.note('b'));
  });
  w.kernel.at(time_at(1s), Phase::kAutoscaler, w.note('c'));
  w.run();
  CHECK(w.log == "abcd");
}

TEST_CASE("run ends at its end time and can go on", "[kernel]") {
  World w;
  w.kernel.at(time_at(1s), Phase::kWorld, w.note('a'));
  w.kernel.at(time_at(3s), Phase::kWorld, w.note('c'));
  CHECK(w.run(2s) == Kernel::Stop::kUntil);
  CHECK(w.kernel.now() == time_at(2s));
  // Looking at the event of 3 s must not forbid one before it.
  w.kernel.at(time_at(2s), Phase::kWorld, w.note('b'));
  CHECK(w.run(3s) == Kernel::Stop::kDry);
  CHECK(w.log == "abc");
}

TEST_CASE("run ends after its limit of events", "[kernel]") {
  World w;

  struct Again {
    World& w;

    void operator()() const { w.kernel.after(0s, Phase::kWorld, Again{w}); }
  };

  w.kernel.at(time_at(1s), Phase::kWorld, Again{w});
  CHECK(w.run(1h, 1000) == Kernel::Stop::kEventLimit);
  CHECK(w.kernel.events_run() == 1000);
  CHECK(w.kernel.now() == time_at(1s));
}

TEST_CASE("a requested stop makes the current event the last", "[kernel]") {
  World w;
  w.kernel.at(time_at(1s), Phase::kWorld, [&w] {
    w.log += 'a';
    w.kernel.request_stop();
  });
  w.kernel.at(time_at(1s), Phase::kWorld, w.note('b'));
  CHECK(w.run() == Kernel::Stop::kRequested);
  CHECK(w.log == "a");
  CHECK(w.run() == Kernel::Stop::kDry);
  CHECK(w.log == "ab");
}

TEST_CASE("events at the end of time never come", "[kernel]") {
  World w;
  const EventHandle never = w.kernel.at(kTimeNever, Phase::kWorld, w.note('x'));
  w.kernel.after(Duration::max(), Phase::kWorld, w.note('x'));
  CHECK(w.kernel.next_event_time() == kTimeNever);
  CHECK(w.kernel.run(kTimeNever, kNoLimit) == Kernel::Stop::kDry);
  CHECK(w.log.empty());
  CHECK(w.kernel.cancel(never));
}

TEST_CASE("a cancelled event does not run and cannot be cancelled again", "[kernel]") {
  World w;
  const EventHandle a = w.kernel.at(time_at(1s), Phase::kWorld, w.note('a'));
  const EventHandle b = w.kernel.at(time_at(1s), Phase::kWorld, w.note('b'));
  CHECK(w.kernel.cancel(a));
  CHECK_FALSE(w.kernel.cancel(a));
  CHECK_FALSE(w.kernel.cancel(EventHandle{}));
  w.run();
  CHECK_FALSE(w.kernel.cancel(b));
  CHECK(w.log == "b");
}

TEST_CASE("an event cannot cancel itself", "[kernel]") {
  World w;
  EventHandle self;
  bool cancelled = true;
  self = w.kernel.after(1s, Phase::kWorld, [&] { cancelled = w.kernel.cancel(self); });
  w.run();
  CHECK_FALSE(cancelled);
}

TEST_CASE("ready work runs before the next event of the same instant", "[kernel]") {
  World w;
  w.kernel.at(time_at(1s), Phase::kWorld, [&w] { asio::post(w.kernel.executor(), w.note('a')); });
  w.kernel.at(time_at(1s), Phase::kWorld, w.note('b'));
  w.run();
  CHECK(w.log == "ab");
}

TEST_CASE("an exception from an event leaves run, and the world goes on", "[kernel]") {
  World w;
  w.kernel.at(time_at(1s), Phase::kWorld, [] { throw std::runtime_error("boom"); });
  w.kernel.at(time_at(1s), Phase::kWorld, w.note('b'));
  CHECK_THROWS_WITH(w.run(), "boom");
  CHECK(w.kernel.now() == time_at(1s));
  CHECK(w.run() == Kernel::Stop::kDry);
  CHECK(w.log == "b");
}

TEST_CASE("settle runs ready work without moving time", "[kernel]") {
  World w;
  w.kernel.at(time_at(0s), Phase::kWorld, w.note('x'));
  asio::post(w.kernel.executor(), [&w] { asio::post(w.kernel.executor(), w.note('a')); });
  w.kernel.settle();
  CHECK(w.log == "a");
}

TEST_CASE("time waits for a busy Pollable", "[kernel]") {
  World w;
  CountingPollable pollable(3);
  w.kernel.add(pollable);
  bool was_busy = true;
  w.kernel.at(time_at(1s), Phase::kWorld, [&] { was_busy = pollable.is_busy(); });
  w.run();
  w.kernel.remove(pollable);
  CHECK_FALSE(was_busy);
}

TEST_CASE("time advances at once only when nothing else can happen", "[kernel]") {
  World w;
  CountingPollable pollable(0);
  w.kernel.add(pollable);
  std::vector<bool> moved;
  w.kernel.at(time_at(1s), Phase::kWorld, [&] {
    moved.push_back(w.kernel.try_advance_to(time_at(2s)));  // free
    moved.push_back(w.kernel.try_advance_to(time_at(5s)));  // an event is due then
    const EventHandle sooner = w.kernel.at(time_at(3s), Phase::kWorld, w.note('x'));
    moved.push_back(w.kernel.try_advance_to(time_at(4s)));  // an event is due before
    w.kernel.cancel(sooner);
    moved.push_back(w.kernel.try_advance_to(time_at(4s)));  // free again
  });
  w.kernel.at(time_at(5s), Phase::kWorld, [&] {
    moved.push_back(w.kernel.try_advance_to(time_at(2h)));  // beyond the end of the run
    pollable = CountingPollable(1);
    moved.push_back(w.kernel.try_advance_to(time_at(6s)));  // a Pollable is busy
    pollable = CountingPollable(0);
    asio::post(w.kernel.executor(), w.note('a'));
    moved.push_back(w.kernel.try_advance_to(time_at(6s)));  // work is ready
  });
  CHECK(w.run(1h) == Kernel::Stop::kDry);
  CHECK(moved == std::vector<bool>{true, false, false, true, false, false, false});
  CHECK(w.kernel.now() == time_at(5s));
  CHECK_FALSE(w.kernel.try_advance_to(time_at(6s)));  // outside of run()
}

TEST_CASE("wall time is the start plus virtual time", "[kernel]") {
  const WallTime start = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  Kernel kernel(start);
  kernel.run(time_at(90s), kNoLimit);
  CHECK(kernel.run(time_at(90s), kNoLimit) == Kernel::Stop::kDry);
  kernel.at(time_at(90s), Phase::kWorld, [] {});
  kernel.run(time_at(90s), kNoLimit);
  CHECK(kernel.clock(Phase::kWorld).wall_now() == start + 90s);
  CHECK(kernel.wall(time_at(1h)) == start + 1h);
}

// A branching process: each event schedules some more, with many ties.
std::string history_of(std::uint64_t seed) {
  World w;
  const Random random(seed);

  struct Step {
    World& w;
    const Random& random;
    std::uint64_t id;

    void operator()() const {
      w.log += std::to_string(id) + ' ';
      for (std::uint64_t n = 0; n < random.index("children", id, 0, 3); ++n) {
        const std::uint64_t child = random.bits("id", id, n) % 100'000;
        w.kernel.after(1s * random.index("delay", child, n, 4),
                       static_cast<Phase>(random.index("phase", child, n, 3)),
                       Step{w, random, child});
      }
    }
  };

  for (std::uint64_t i = 0; i < 20; ++i) {
    w.kernel.at(time_at(1s), Phase::kWorld, Step{w, random, i});
  }
  w.run(1h, 20'000);
  return w.log;
}

TEST_CASE("two kernels in two threads give the same order as one alone", "[kernel]") {
  const std::string alone = history_of(7);
  std::string one;
  std::string other;
  std::thread first([&one] { one = history_of(7); });
  std::thread second([&other] { other = history_of(7); });
  first.join();
  second.join();
  CHECK(alone.size() > 1000);
  CHECK(one == alone);
  CHECK(other == alone);
}

}  // namespace
}  // namespace casim::sim

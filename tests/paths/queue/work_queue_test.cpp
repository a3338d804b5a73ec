#include "sim/paths/queue/work_queue.h"

#include <algorithm>
#include <vector>

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

struct QueueWorld {
  explicit QueueWorld(int workers)
      : queue(kernel, workers, [this](WorkQueue::Key key) { syncs.emplace_back(now(), key); }) {}

  Duration now() const { return kernel.now() - kTimeZero; }

  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  Kernel kernel{WallTime{}};
  std::vector<std::pair<Duration, WorkQueue::Key>> syncs;
  WorkQueue queue;
};

using Syncs = std::vector<std::pair<Duration, WorkQueue::Key>>;

}  // namespace

TEST_CASE("a key waits once, and comes again when it was added during its sync", "[paths]") {
  QueueWorld world(1);
  world.queue.add(7);
  world.queue.add(7);
  world.until(1s);
  CHECK(world.syncs == Syncs{{0s, 7}});
  world.queue.add(7);
  world.queue.add(7);
  world.until(2s);
  CHECK(world.syncs.size() == 1);  // never twice at a time
  world.queue.end(7, true);
  world.until(3s);
  CHECK(world.syncs == Syncs{{0s, 7}, {2s, 7}});
  world.queue.end(7, true);
  world.until(1h);
  CHECK(world.syncs.size() == 2);
}

TEST_CASE("so many syncs run at a time as there are workers, in order of arrival", "[paths]") {
  QueueWorld world(2);
  for (const WorkQueue::Key key : {3U, 1U, 2U}) world.queue.add(key);
  world.until(1s);
  CHECK(world.syncs == Syncs{{0s, 3}, {0s, 1}});
  world.queue.end(1, true);
  world.until(2s);
  CHECK(world.syncs.back() == std::pair<Duration, WorkQueue::Key>{1s, 2});
}

TEST_CASE("failures in a row double the wait up to 1000 s, a success forgets them", "[paths]") {
  QueueWorld world(1);
  world.queue.add(0);
  Duration expected = 5ms;
  Duration last{};
  for (int failure = 0; failure < 20; ++failure) {
    world.until(last + 2000s);
    REQUIRE(world.syncs.size() == static_cast<std::size_t>(failure) + 1);
    if (failure > 0) CHECK(world.syncs.back().first - last == std::min<Duration>(expected, 1000s));
    if (failure > 0) expected *= 2;
    last = world.now();
    world.queue.end(0, false);
  }
  world.until(last + 2000s);
  last = world.now();
  world.queue.end(0, true);
  world.queue.add(0);
  world.until(last + 1s);
  last = world.now();
  world.queue.end(0, false);
  world.until(last + 1s);
  CHECK(world.syncs.back().first == last + 5ms);
}

TEST_CASE("of several later times the earliest counts", "[paths]") {
  QueueWorld world(1);
  world.queue.add_after(0, 10s);
  world.queue.add_after(0, 3s);
  world.queue.add_after(0, 5s);
  world.until(1h);
  CHECK(world.syncs == Syncs{{3s, 0}});
}

TEST_CASE("keys that are tried again for ever share ten tries a second", "[paths]") {
  QueueWorld world(5);
  for (WorkQueue::Key key = 0; key < 20; ++key) world.queue.add(key);
  // Each is over at once, forgotten, and wants to be tried again: a Deployment beyond its deadline.
  std::size_t done = 0;
  const auto end_all = [&](auto& self) -> void {
    while (done < world.syncs.size()) {
      const WorkQueue::Key key = world.syncs[done++].second;
      world.queue.add_rate_limited(key);
      world.queue.end(key, true);
    }
    world.kernel.at(world.kernel.now() + 1ms, Phase::kAutoscaler, [&] { self(self); });
  };
  world.kernel.at(kTimeZero, Phase::kAutoscaler, [&] { end_all(end_all); });
  world.until(60s);
  const auto in_last_half =
      std::ranges::count_if(world.syncs, [](const auto& sync) { return sync.first >= 30s; });
  CHECK(in_last_half >= 299);
  CHECK(in_last_half <= 301);
}

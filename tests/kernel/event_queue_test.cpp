#include "sim/kernel/event_queue.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "src/core/random.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

TimePoint ticks(std::uint64_t n) { return TimePoint(Duration(static_cast<std::int64_t>(n))); }

// The queue next to a sorted reference; every step is done on both and compared.
class Twin {
 public:
  void push(std::uint64_t time, Phase phase) {
    const std::uint64_t id = next_id_++;
    const EventHandle handle = queue_.push(ticks(time), phase, [this, id] { ran_ = id; });
    order_.emplace(Key{time, phase, id}, handle);
    all_.emplace_back(handle, Key{time, phase, id});
  }

  // Any handle ever given out, stale ones included.
  void cancel(std::uint64_t pick) {
    if (all_.empty()) return;
    const auto& [handle, key] = all_[pick % all_.size()];
    REQUIRE(static_cast<bool>(queue_.cancel(handle)) == (order_.erase(key) == 1));
  }

  void check_next() {
    REQUIRE(queue_.size() == order_.size());
    const TimePoint expected =
        order_.empty() ? kTimeNever : ticks(std::get<0>(order_.begin()->first));
    REQUIRE(queue_.next_time() == expected);
  }

  void pop() {
    if (order_.empty()) return;
    const auto [time, phase, id] = order_.begin()->first;
    order_.erase(order_.begin());
    queue_.pop()();
    REQUIRE(ran_ == id);
    now_ = time;
  }

  std::uint64_t now() const { return now_; }

  bool empty() const { return order_.empty(); }

 private:
  using Key = std::tuple<std::uint64_t, Phase, std::uint64_t>;

  EventQueue queue_;
  std::map<Key, EventHandle> order_;
  std::vector<std::pair<EventHandle, Key>> all_;
  std::uint64_t next_id_ = 0;
  std::uint64_t ran_ = UINT64_MAX;
  std::uint64_t now_ = 0;
};

struct Mix {
  const char* name;
  std::uint64_t spread;   // largest increment: small means many ties
  std::uint64_t cancels;  // out of 8 steps
  std::uint64_t peeks;    // out of 8 steps
};

TEST_CASE("the queue agrees with a sorted reference", "[kernel]") {
  const auto mix = GENERATE(values<Mix>({{"spread out", 1'000'000'000'000, 1, 4},
                                         {"heavy ties", 4, 1, 2},
                                         {"one instant", 1, 2, 8},
                                         {"mostly cancelled", 1'000'000, 7, 3},
                                         {"whole range", std::uint64_t{1} << 50, 3, 1}}));
  CAPTURE(mix.name);
  const std::uint64_t seed = GENERATE(range<std::uint64_t>(0, 30));
  CAPTURE(seed);
  const Random random(seed);
  Twin twin;
  for (std::uint64_t step = 0; step < 600; ++step) {
    const auto draw = [&](const char* what, std::uint64_t count) {
      return random.index(what, step, 0, count);
    };
    // Bursts fill the sorted front beyond its limit.
    for (std::uint64_t n = draw("pushes", step % 50 == 0 ? 300 : 3); n > 0; --n) {
      const std::uint64_t delay = random.index("delay", step, n, mix.spread);
      twin.push(twin.now() + delay, static_cast<Phase>(random.index("phase", step, n, 3)));
    }
    if (draw("cancel", 8) < mix.cancels) twin.cancel(random.bits("pick", step, 0));
    if (draw("peek", 8) < mix.peeks) twin.check_next();
    for (std::uint64_t n = draw("pops", step < 300 ? 4 : 8); n > 0; --n) twin.pop();
  }
  while (!twin.empty()) {
    twin.check_next();
    twin.pop();
  }
  twin.check_next();
}

TEST_CASE("a queue whose front never runs dry keeps its order and its size", "[kernel]") {
  Twin twin;
  twin.push(std::uint64_t{1} << 40, Phase::kWorld);
  for (std::uint64_t step = 1; step < 3000; ++step) {
    twin.push(twin.now() + 7, Phase::kWorld);
    twin.push(twin.now() + 3, Phase::kScheduler);
    twin.pop();
    if (step > 100) twin.pop();
    if (step % 100 == 0) twin.check_next();
  }
}

TEST_CASE("looking at the next time does not forbid earlier pushes", "[kernel]") {
  EventQueue queue;
  queue.push(ticks(1000), Phase::kWorld, [] {});
  CHECK(queue.next_time() == ticks(1000));
  const EventHandle earlier = queue.push(ticks(3), Phase::kWorld, [] {});
  CHECK(queue.next_time() == ticks(3));
  CHECK(queue.cancel(earlier));
  CHECK(queue.next_time() == ticks(1000));
}

TEST_CASE("cancelling gives the handler back", "[kernel]") {
  EventQueue queue;
  int calls = 0;
  const EventHandle handle = queue.push(ticks(1), Phase::kWorld, [&calls] { ++calls; });
  EventQueue::Handler handler = queue.cancel(handle);
  REQUIRE(handler);
  handler();
  CHECK(calls == 1);
  CHECK(queue.size() == 0);
  CHECK_FALSE(queue.cancel(handle));
}

TEST_CASE("a handler may push and cancel while the queue is cleared", "[kernel]") {
  EventQueue queue;

  struct PushAtDeath {
    EventQueue* queue;

    explicit PushAtDeath(EventQueue* q) : queue(q) {}

    PushAtDeath(PushAtDeath&& other) noexcept : queue(std::exchange(other.queue, nullptr)) {}

    ~PushAtDeath() {
      if (queue == nullptr) return;
      const EventHandle handle = queue->push(ticks(9), Phase::kWorld, [] {});
      queue->push(ticks(9), Phase::kWorld, [] {});
      queue->cancel(handle);
    }

    void operator()() {}
  };

  for (int i = 0; i < 5; ++i) queue.push(ticks(5), Phase::kWorld, PushAtDeath(&queue));
  queue.clear();
  CHECK(queue.size() == 0);
  CHECK(queue.next_time() == kTimeNever);
}

}  // namespace
}  // namespace casim::sim

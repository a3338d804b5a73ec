#include <algorithm>
#include <string>
#include <vector>

#include "sim/paths/queue/work_queue.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// A controller whose rounds end as a script says; the last outcome repeats.
struct Outcome {
  bool ok = true;
  Duration after{};  // longer than nothing: asked for
};

constexpr Outcome kOk{};
constexpr Outcome kError{.ok = false, .after = {}};

Outcome after(Duration d) { return {.ok = true, .after = d}; }

class Controller {
 public:
  Controller(QueueRules rules, std::vector<Outcome> script, Duration service = {}, int workers = 1)
      : script_(std::move(script)),
        service_(service),
        queue(kernel, workers, [this](WorkQueue::Key key) { begin(key); }, std::move(rules)) {
    queue.add(0);
  }

  std::vector<double> rounds(Duration until) {
    kernel.run(kTimeZero + until, 1'000'000);
    return rounds_;
  }

  void event_at(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [this] { queue.add(0); });
  }

  Kernel kernel{WallTime{}};

 private:
  void begin(WorkQueue::Key key) {
    rounds_.push_back(to_seconds(kernel.now()));
    const Outcome outcome = script_[std::min(next_++, script_.size() - 1)];
    kernel.after(service_, Phase::kWorld, [this, key, outcome] {
      if (outcome.after > Duration{}) return queue.end_after(key, outcome.after);
      queue.end(key, outcome.ok);
    });
  }

  std::vector<Outcome> script_;
  Duration service_;
  std::size_t next_ = 0;
  std::vector<double> rounds_;

 public:
  WorkQueue queue;
};

QueueRules item_limiter(Duration first, Duration longest) {
  QueueRules rules;
  rules.backoff = {.first = first, .longest = longest, .qps = 0, .burst = 0, .on_top = {}};
  return rules;
}

QueueRules one_time(QueueRules rules) {
  rules.has_one_time = true;
  return rules;
}

QueueRules spaced(Duration spacing) {
  QueueRules rules = one_time(item_limiter(5ms, 1000s));
  rules.spacing = spacing;
  rules.backoff.on_top = spacing;
  return rules;
}

using Times = std::vector<double>;

}  // namespace

TEST_CASE("what ends a round decides when the next one begins", "[paths]") {
  struct Row {
    const char* name;
    QueueRules rules;
    std::vector<Outcome> script;
    std::vector<Duration> events;
    Duration until;
    Times rounds;
  };

  const QueueRules crossplane = item_limiter(1s, 60s);
  const auto row = GENERATE_COPY(values<Row>({
      {"the wait doubles up to its maximum",
       crossplane,
       {kError},
       {},
       200s,
       {0, 1, 3, 7, 15, 31, 63, 123, 183}},
      {"a lower maximum holds earlier",
       item_limiter(1s, 5s),
       {kError},
       {},
       20s,
       {0, 1, 3, 7, 12, 17}},
      {"a success forgets the failures",
       crossplane,
       {kError, kError, kOk, kError},
       {10s},
       20s,
       {0, 1, 3, 10, 11, 13, 17}},
      {"a wait that was asked for forgets them too",
       crossplane,
       {kError, kError, after(10s), kError},
       {},
       20s,
       {0, 1, 3, 13, 14, 16, 20}},
      {"an event bypasses the limiter, and the wait stays",
       crossplane,
       {kError, kError, kOk},
       {2s},
       9s,
       {0, 1, 2, 3}},
      {"classic queue: an event leaves the earlier wait",
       crossplane,
       {after(30s)},
       {5s},
       70s,
       {0, 5, 30, 60}},
      {"priority queue: it drops it",
       one_time(crossplane),
       {after(30s)},
       {5s},
       70s,
       {0, 5, 35, 65}},
      {"spacing puts an event off to its end",
       spaced(1s),
       {kOk},
       {300ms, 400ms, 5s},
       10s,
       {0, 1, 5}},
      {"spacing is the least wait",
       spaced(15s),
       {after(2s), after(20s), kOk},
       {},
       100s,
       {0, 15, 35}},
      {"spacing adds to each wait", spaced(1s), {kError, kError, kOk}, {}, 100s, {0, 1.005, 2.015}},
      {"put off is not tried: failures stay counted",
       spaced(1s),
       {kError, kError, kError, kOk},
       {1500ms},
       100s,
       {0, 1.005, 2.005, 3.025}},
  }));
  CAPTURE(row.name);
  Controller controller(row.rules, row.script);
  for (const Duration t : row.events) controller.event_at(t);
  CHECK(controller.rounds(row.until) == row.rounds);
}

TEST_CASE("a wait begins when the round ends", "[paths]") {
  Controller controller(item_limiter(1s, 60s), {kError, kError, after(10s), kOk}, 2s);
  CHECK(controller.rounds(60s) == Times{0, 3, 7, 19});
}

TEST_CASE("an event during a round runs the key again at its end, never beside it", "[paths]") {
  Controller controller(item_limiter(1s, 60s), {kOk}, 2s, 10);
  controller.event_at(500ms);
  controller.event_at(1s);
  CHECK(controller.rounds(60s) == Times{0, 2});
}

TEST_CASE("a global bucket takes the longer of two waits, and of all keys a turn", "[paths]") {
  Kernel kernel{WallTime{}};
  std::vector<Duration> tries;
  QueueRules rules;
  rules.backoff = {.first = 5ms, .longest = 1000s, .qps = 10, .burst = 3, .on_top = {}};
  std::vector<int> failures(6);
  WorkQueue* queue_of = nullptr;
  WorkQueue queue(
      kernel, 10,
      [&](WorkQueue::Key key) {
        const bool fails = failures[key]++ == 0;
        if (!fails) tries.push_back(kernel.now() - kTimeZero);
        queue_of->end(key, !fails);
      },
      rules);
  queue_of = &queue;
  for (WorkQueue::Key key = 0; key < 6; ++key) queue.add(key);
  kernel.run(kTimeZero + 10s, 10'000);
  CHECK(tries == std::vector<Duration>{5ms, 5ms, 5ms, 100ms, 200ms, 300ms});
}

TEST_CASE("a new leader begins with no memory of failures", "[paths]") {
  Controller controller(item_limiter(1s, 60s), {kError});
  controller.kernel.at(kTimeZero + 20s, Phase::kWorld, [&] {
    controller.queue.clear();
    controller.queue.add(0);
  });
  CHECK(controller.rounds(30s) == Times{0, 1, 3, 7, 15, 20, 21, 23, 27});
}

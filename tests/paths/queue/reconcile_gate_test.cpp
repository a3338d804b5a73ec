#include "sim/paths/queue/reconcile_gate.h"

#include <vector>

#include "sim/paths/queue/work_queue.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

TEST_CASE("a key that finds the bucket empty keeps its slot and passes on return", "[paths]") {
  ReconcileGate gate(2, 1);
  const TimePoint t = kTimeZero;
  CHECK(gate.ask(0, 1, t) == 0s);
  CHECK(gate.ask(0, 2, t) == 500ms);
  CHECK(gate.ask(0, 3, t) == 1s);
  CHECK(gate.ask(0, 2, t + 500ms) == 0s);  // its own slot
  CHECK(gate.ask(0, 2, t + 500ms) > 0s);   // the next one is another
}

TEST_CASE("the gate leaks: any earlier return passes as well", "[paths]") {
  ReconcileGate gate(2, 1);
  CHECK(gate.ask(0, 1, kTimeZero) == 0s);
  CHECK(gate.ask(0, 2, kTimeZero) == 500ms);
  CHECK(gate.ask(0, 2, kTimeZero + 10ms) == 0s);
}

TEST_CASE("controllers share the bucket, not the slots", "[paths]") {
  ReconcileGate gate(2, 1);
  CHECK(gate.ask(0, 1, kTimeZero) == 0s);
  CHECK(gate.ask(0, 2, kTimeZero) == 500ms);
  CHECK(gate.ask(1, 2, kTimeZero) == 1s);
}

// Consequence A2: the wrapper's answer is a wait that was asked for, so overload weakens backoff.
TEST_CASE("an empty bucket starts a key's backoff again", "[paths]") {
  Kernel kernel{WallTime{}};
  ReconcileGate gate(0.25, 2);
  std::vector<Duration> rounds;
  QueueRules rules;
  rules.backoff = {.first = 1s, .longest = 60s, .qps = 0, .burst = 0, .on_top = {}};
  rules.hold = [&](WorkQueue::Key key) { return gate.ask(0, key, kernel.now()); };
  WorkQueue* queue_of = nullptr;
  WorkQueue queue(
      kernel, 1,
      [&](WorkQueue::Key key) {
        rounds.push_back(kernel.now() - kTimeZero);
        queue_of->end(key, false);
      },
      rules);
  queue_of = &queue;
  queue.add(0);
  kernel.run(kTimeZero + 16s, 10'000);
  // By itself it would run at 0, 1, 3, 7, 15. At 3 s there is no token: it is put off by a second
  // and its two failures are forgotten, so that it is back after one more second, and put off
  // again.
  CHECK(rounds == std::vector<Duration>{0s, 1s, 4s, 8s, 12s, 16s});
}
